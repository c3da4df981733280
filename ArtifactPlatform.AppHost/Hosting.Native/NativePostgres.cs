using Npgsql;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>A Postgres server that runs as a plain process on 127.0.0.1.</summary>
internal sealed class NativePostgresResource(string name, string folder, ParameterResource password) : ExecutableResource(name, "sh", folder), IResourceWithConnectionString
{
    private EndpointReference Endpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={Endpoint.Property(EndpointProperty.IPV4Host)};Port={Endpoint.Property(EndpointProperty.Port)};Username=postgres;Password={password}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.IPV4Host)}")),
        new("Port", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Port)}")),
        new("Username", ReferenceExpression.Create($"postgres")),
        new("Password", ReferenceExpression.Create($"{password}")),
    ];
}

internal static class NativePostgresExtensions
{
    /// <summary>DCP stops with SIGTERM, which Postgres takes as "wait for all clients"; SIGINT is its fast, clean shutdown (postgres(1)).</summary>
    private const string StopFast = "trap 'kill -INT $p' TERM INT; \"$@\" & p=$!; wait $p; wait $p";

    /// <summary>
    /// Postgres refuses to run as root, so root runs it as the user <c>postgres</c>, with dac_override, since the data folder may be below folders
    /// that only root may enter. The death signal ends it with its wrapper, however that ends.
    /// </summary>
    private static readonly string[] AsPostgres =
        ["setpriv", .. Environment.IsPrivilegedProcess ? ["--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"] : Array.Empty<string>(), "--pdeathsig", "INT", "--"];

    /// <summary>Adds a Postgres server from Debian's packages.</summary>
    public static IResourceBuilder<NativePostgresResource> AddNativePostgres(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string folder, IResourceBuilder<ParameterResource> password, int port)
    {
        var data = Path.Combine(folder, "data");
        // Only the version that created the data can read them.
        var programs = Programs.PostgresFolder(File.Exists($"{data}/PG_VERSION") ? File.ReadAllText($"{data}/PG_VERSION").Trim() : null);
        // 300 connections: the pools of the services and their replicas, with room for a person's psql.
        string[] settings = ["listen_addresses=127.0.0.1", $"port={port}", "unix_socket_directories=", "max_connections=300", "logging_collector=off", "log_timezone=UTC", "timezone=UTC"];
        var server = builder.AddResource(new NativePostgresResource(name, folder, password.Resource));
        return server
            .WithArgs(["-c", StopFast, "postgres", .. AsPostgres, Path.Combine(programs, "postgres"), "-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })])
            .WithEnvironment("LC_ALL", "C.UTF-8")
            .WithEndpoint(port: port, scheme: "tcp", name: "tcp", isProxied: false)
            .PrepareWith((log, ct) => CreateAsync(folder, data, programs, password.Resource, log, ct))
            .WithProbe(async ct =>
            {
                await using var source = NpgsqlDataSource.Create($"{await server.Resource.ConnectionStringExpression.GetValueAsync(ct)};Database=postgres;Pooling=false");
                await using var connection = await source.OpenConnectionAsync(ct);
            })
            .WithIconName("DatabaseMultiple");
    }

    private static async Task CreateAsync(string folder, string data, string programs, ParameterResource password, ILogger log, CancellationToken ct)
    {
        var (complete, passwordFile) = (Path.Combine(folder, "complete"), folder + "-password");
        if (File.Exists(complete))
        {
            return;
        }

        // What an aborted attempt has left never held anything.
        await Command.RunAsync(log, ["rm", "-rf", "--", folder], ct);
        Directory.CreateDirectory(folder, DataFolder.OwnerOnly);
        if (Environment.IsPrivilegedProcess)
        {
            await Command.RunAsync(log, ["chown", "postgres", folder], ct);
        }

        DataFolder.WritePrivate(passwordFile, await password.GetValueAsync(ct) ?? "");
        await Command.RunAsync(log, [.. AsPostgres, Path.Combine(programs, "initdb"), "-D", data, "-U", "postgres", "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"], ct);
        File.Delete(passwordFile);
        await File.WriteAllTextAsync(complete, "", ct);
    }
}
