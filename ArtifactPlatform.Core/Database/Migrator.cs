using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace ArtifactPlatform.Core.Database;

/// <summary>
/// Brings the schema up to date: runs each embedded <c>Migrations/NNNN_name.sql</c> that <c>schema_migrations</c> lacks, in order,
/// each in a transaction of its own, under an advisory lock, so that any number of processes may call it at once.
/// </summary>
public sealed partial class Migrator(IDbContextFactory<PlatformDb> databases, TimeProvider clock, ILogger<Migrator> logger)
{
    /// <summary>Any fixed number will do, as long as nothing else in this database locks it.</summary>
    private const long LockKey = 0x41525446;

    /// <exception cref="PostgresException">A file failed; it left nothing behind, earlier ones stand.</exception>
    public async Task MigrateAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await db.Database.OpenConnectionAsync(ct);
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await ExecuteAsync(connection, $"select pg_advisory_lock({LockKey})", ct);
        try
        {
            await ExecuteAsync(connection, "create table if not exists schema_migrations (number integer primary key, name text not null, applied_at timestamptz not null)", ct);
            var applied = await db.Database.SqlQueryRaw<int>("select number as \"Value\" from schema_migrations").ToListAsync(ct);
            foreach (var migration in Embedded().Where(m => !applied.Contains(m.Number)).OrderBy(m => m.Number))
            {
                await ApplyAsync(connection, migration, ct);
                LogApplied(logger, migration.Number, migration.Name);
            }
        }
        finally
        {
            await ExecuteAsync(connection, $"select pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private async Task ApplyAsync(NpgsqlConnection connection, Migration migration, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ExecuteAsync(connection, migration.Sql, ct);
        await using var mark = new NpgsqlCommand("insert into schema_migrations values ($1, $2, $3)", connection);
        mark.Parameters.Add(new() { Value = migration.Number });
        mark.Parameters.Add(new() { Value = migration.Name });
        mark.Parameters.Add(new() { Value = clock.GetUtcNow() });
        await mark.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static IEnumerable<Migration> Embedded()
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var resource in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal)))
        {
            var file = resource.Split(".Migrations.")[1];
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource) ?? throw new InvalidOperationException(resource));
            yield return new Migration(int.Parse(file[..4], CultureInfo.InvariantCulture), file[5..^4], reader.ReadToEnd());
        }
    }

    private sealed record Migration(int Number, string Name, string Sql);

    [LoggerMessage(LogLevel.Information, "Applied migration {Number} {Name}")]
    private static partial void LogApplied(ILogger logger, int number, string name);
}
