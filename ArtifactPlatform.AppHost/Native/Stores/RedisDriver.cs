using System.Net.Sockets;
using System.Text;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>A Redis server with an append-only file, so that a restart loses at most a second.</summary>
internal sealed class RedisDriver(RedisResource redis, EngineContext engine) : ResourceDriver(redis, engine)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public override async Task StartAsync(CancellationToken ct)
    {
        var program = FindProgram.Required("redis-server", "redis-server");
        var folder = Engine.Data.Sub(redis.Name);
        var file = Path.Combine(folder, "redis.conf");
        DataFolder.WritePrivate(file, Configuration(folder, redis.PrimaryEndpoint.Port, await PasswordAsync(ct)));
        await SuperviseAsync(new ProcessSpec(redis.Name, program, [file]), ct);
        await WaitUntilHealthyAsync(ct);
    }

    protected override Task WaitUntilHealthyAsync(CancellationToken ct) =>
        WaitUntil.TrueAsync("Redis did not answer", AnswersAsync, Limit, Engine.Time, ct);

    /// <summary>The password stands in a file, not on the command line, which everybody on the machine can read.</summary>
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

        """;

    private static string Quoted(string text) =>
        $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    /// <summary>AUTH, then PING; it says +PONG only once the append-only file is read.</summary>
    private async Task<bool> AnswersAsync(CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", redis.PrimaryEndpoint.Port, limit.Token);
            var stream = client.GetStream();
            var password = await PasswordAsync(limit.Token);
            await stream.WriteAsync(
                Encoding.UTF8.GetBytes($"*2\r\n$4\r\nAUTH\r\n${Encoding.UTF8.GetByteCount(password)}\r\n{password}\r\n*1\r\n$4\r\nPING\r\n"), limit.Token);
            using var reader = new StreamReader(stream);
            return await reader.ReadLineAsync(limit.Token) == "+OK" && await reader.ReadLineAsync(limit.Token) == "+PONG";
        }
        catch (Exception e) when (e is SocketException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return false;
        }
    }

    private async ValueTask<string> PasswordAsync(CancellationToken ct) => await redis.Password.GetValueAsync(ct) ?? "";
}
