using ArtifactPlatform.Core.Requests;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtifactPlatform.Core.Database;

/// <summary>Registers the database through Aspire's integration, which brings pooled contexts, a health check, traces and metrics.</summary>
internal static class DatabaseSetup
{
    public const string ConnectionName = "artifactdb";

    /// <summary>The name that the integration gives its health check.</summary>
    public const string HealthCheckName = nameof(PlatformDb);

    /// <summary>
    /// Longest that a transaction may be idle between two statements. A frozen process would otherwise keep its rows locked, and no other
    /// process could take over its jobs. The platform's transactions consist of statements alone and never rest that long.
    /// </summary>
    private const string IdleTransactionTimeout = "-c idle_in_transaction_session_timeout=10s";

    public static void AddPlatformDatabase(this IHostApplicationBuilder builder)
    {
        builder.AddNpgsqlDbContext<PlatformDb>(
            ConnectionName,
            settings =>
            {
                settings.ConnectionString = WithSessionSettings(settings.ConnectionString);
                // A retrying strategy refuses the transactions that the platform begins itself.
                settings.DisableRetry = true;
            },
            options => options
                .UseSnakeCaseNamingConvention()
                // The exception is thrown as well, and its handler knows what failed. Here it would be an error without a subject, even after a caller only disconnected.
                .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.TransactionError, LogLevel.Debug))));
        builder.Services.AddSingleton<GuardCommits>();
        builder.Services.ConfigureDbContext<PlatformDb>((provider, options) => options.AddInterceptors(provider.GetRequiredService<GuardCommits>(), UseTransactions.Instance));
        builder.Services.AddSingleton<IDbContextFactory<PlatformDb>>(provider => new PooledDbContextFactory<PlatformDb>(provider.GetRequiredService<DbContextOptions<PlatformDb>>()));
        builder.Services.AddSingleton<Migrator>();
    }

    /// <summary>Whether Npgsql can read it.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Options of the session in the connection string come before the platform's own.</summary>
    private static string? WithSessionSettings(string? connectionString)
    {
        if (connectionString is null || !IsConnectionString(connectionString))
        {
            // RequiredSettings reports it when the service starts.
            return connectionString;
        }

        var address = new NpgsqlConnectionStringBuilder(connectionString);
        address.Options = $"{IdleTransactionTimeout} {address.Options}".TrimEnd();
        // The platform leaves no settings, locks or temporary tables in a session. Clearing them would be half of all statements.
        address.NoResetOnClose = true;
        return address.ConnectionString;
    }
}
