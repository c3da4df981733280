using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ArtifactPlatform.Tests.Storage;

/// <summary>A database of a test's own in the platform's Postgres, with the whole schema and nothing in it.</summary>
public sealed class OwnDatabase : IDbContextFactory<PlatformDb>, IAsyncDisposable
{
    private readonly Platform platform;
    private readonly string name = $"own_{Guid.NewGuid():N}";
    private DbContextOptions<PlatformDb>? options;

    private OwnDatabase(Platform platform) => this.platform = platform;

    public static async Task<OwnDatabase> CreateAsync(Platform platform)
    {
        var database = new OwnDatabase(platform);
        await database.RunAsync($"create database {database.name} owner artifacts");
        var connection = new NpgsqlConnectionStringBuilder(await platform.App.GetConnectionStringAsync("artifactdb", CancellationToken.None)) { Database = database.name, Pooling = false };
        database.options = new DbContextOptionsBuilder<PlatformDb>().UseNpgsql(connection.ConnectionString).UseSnakeCaseNamingConvention().Options;
        await new Migrator(database, TimeProvider.System, NullLogger<Migrator>.Instance).MigrateAsync(CancellationToken.None);
        return database;
    }

    public PlatformDb CreateDbContext() => new(options ?? throw new InvalidOperationException("The database has not been made."));

    public async ValueTask DisposeAsync() => await RunAsync($"drop database if exists {name} with (force)");

    private async Task RunAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{await platform.App.GetConnectionStringAsync("postgres", CancellationToken.None)};Database=postgres");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
