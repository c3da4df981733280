using Microsoft.Extensions.Configuration;
using Npgsql;

namespace ArtifactPlatform.Core.Database;

/// <summary>Reads settings without which a process can't work.</summary>
public static class RequiredConfiguration
{
    /// <summary>
    /// Longest that a transaction may stand still between two statements: a frozen process would hold its rows locked for ever, and
    /// nobody could take over its jobs. Far longer than any of ours rests, all of which are statements alone.
    /// </summary>
    private const string IdleTransactionTimeout = "-c idle_in_transaction_session_timeout=10s";

    /// <exception cref="InvalidOperationException">It is missing; the message names it.</exception>
    public static string RequiredConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not set (environment: ConnectionStrings__{name}).");

    /// <summary>The database's connection string; options of the session that it sets itself go before ours.</summary>
    /// <exception cref="InvalidOperationException">It is missing; the message names it.</exception>
    public static string RequiredDatabase(this IConfiguration configuration)
    {
        var address = new NpgsqlConnectionStringBuilder(configuration.RequiredConnectionString("artifactdb"));
        address.Options = $"{IdleTransactionTimeout} {address.Options}".TrimEnd();
        // What a session may keep (settings, locks, temporary tables) is never left behind here; clearing it would be half of all statements.
        address.NoResetOnClose = true;
        return address.ConnectionString;
    }
}
