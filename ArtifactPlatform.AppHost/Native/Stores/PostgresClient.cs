using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>Asks a Postgres server through psql, which comes with it.</summary>
internal sealed class PostgresClient(PostgresServerResource postgres, EngineContext engine)
{
    /// <summary>A person's own PG… variables must not steer this server or its client.</summary>
    public static readonly IReadOnlyDictionary<string, string?> CleanEnvironment =
        Environment.GetEnvironmentVariables().Keys.OfType<string>()
            .Where(name => name.StartsWith("PG", StringComparison.Ordinal))
            .ToDictionary(name => name, _ => (string?)null)
            .Append(new("LC_ALL", "C.UTF-8"))
            .ToDictionary();

    public async Task<string> QueryAsync(string database, string sql, CancellationToken ct)
    {
        var environment = new Dictionary<string, string?>(CleanEnvironment)
        {
            ["PGPASSWORD"] = await postgres.Password.GetValueAsync(ct),
            ["PGCONNECT_TIMEOUT"] = "10",
        };
        string[] arguments =
        [
            "-X", "-w", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", postgres.PrimaryEndpoint.Host, "-p", $"{postgres.PrimaryEndpoint.Port}",
            "-U", PostgresServerResource.UserName, "-d", database, "-c", sql,
        ];
        var program = Path.Combine(FindProgram.PostgresFolder(version: null), "psql");
        return await engine.Commands.RunAsync(
            new ProcessSpec("psql", program, arguments) { Environment = environment }, TimeSpan.FromSeconds(30), ct);
    }
}

/// <summary>A database in a Postgres server: made when missing.</summary>
internal sealed class PostgresDatabaseDriver(PostgresDatabaseResource database, EngineContext engine) : ResourceDriver(database, engine)
{
    private readonly PostgresClient _client = new(database.Parent, engine);

    public override async Task StartAsync(CancellationToken ct)
    {
        var name = database.DatabaseName;
        var found = await _client.QueryAsync("postgres", $"SELECT 1 FROM pg_database WHERE datname = '{name.Replace("'", "''", StringComparison.Ordinal)}'", ct);
        if (found.Trim() != "1")
        {
            await _client.QueryAsync("postgres", $"CREATE DATABASE \"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", ct);
        }
    }

    protected override Task WaitUntilHealthyAsync(CancellationToken ct) => Task.CompletedTask;
}
