using StackExchange.Redis;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>A Redis server that runs as a plain process on 127.0.0.1, with an append-only file: a restart loses a second at most.</summary>
internal sealed class NativeRedisResource(string name, string program, string folder, ParameterResource password) : ExecutableResource(name, program, folder), IResourceWithConnectionString
{
    private EndpointReference Endpoint => new(this, "tcp");

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"{Endpoint.Property(EndpointProperty.IPV4Host)}:{Endpoint.Property(EndpointProperty.Port)},password={password}");

    IEnumerable<KeyValuePair<string, ReferenceExpression>> IResourceWithConnectionString.GetConnectionProperties() =>
    [
        new("Host", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.IPV4Host)}")),
        new("Port", ReferenceExpression.Create($"{Endpoint.Property(EndpointProperty.Port)}")),
        new("Password", ReferenceExpression.Create($"{password}")),
    ];
}

internal static class NativeRedisExtensions
{
    /// <summary>Adds a Redis server from Debian's packages.</summary>
    public static IResourceBuilder<NativeRedisResource> AddNativeRedis(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, string folder, IResourceBuilder<ParameterResource> password, int port)
    {
        var file = Path.Combine(folder, "redis.conf");
        var redis = builder.AddResource(new NativeRedisResource(name, Programs.Required("redis-server", "redis-server"), folder, password.Resource));
        return redis
            .WithArgs(file)
            .WithEndpoint(port: port, scheme: "tcp", name: "tcp", isProxied: false)
            .PrepareWith(async (_, ct) => DataFolder.WritePrivate(file, Configuration(folder, port, await password.Resource.GetValueAsync(ct) ?? "")))
            .WithProbe(async ct =>
            {
                // It answers a PING only once the append-only file has been read.
                await using var connection = await ConnectionMultiplexer.ConnectAsync($"{await redis.Resource.ConnectionStringExpression.GetValueAsync(ct)},connectTimeout=1000");
                await connection.GetDatabase().PingAsync().WaitAsync(ct);
            })
            .WithIconName("Memory");
    }

    /// <summary>The password is in the file, not on the command line, which everybody on the machine can read.</summary>
    internal static string Configuration(string folder, int port, string password) =>
        $"""
        bind 127.0.0.1
        port {port}
        requirepass {Quoted(password)}
        dir {Quoted(folder)}
        appendonly yes
        appendfsync everysec
        save ""
        daemonize no
        maxmemory-policy noeviction
        # A title takes the place of the environment, by which a later start finds this process.
        set-proc-title no

        """;

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
