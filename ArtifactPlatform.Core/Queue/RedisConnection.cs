using ArtifactPlatform.Core.Database;
using Microsoft.Extensions.Configuration;
using StackExchange.Redis;

namespace ArtifactPlatform.Core.Queue;

/// <summary>The one connection of this process to Redis. It is made on first use and mends itself; while Redis is down, calls throw <see cref="RedisException"/>.</summary>
public sealed class RedisConnection(IConfiguration configuration) : IAsyncDisposable
{
    /// <summary>Long enough for a busy server, short enough that a frozen one holds up no request for long.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private readonly Lazy<Task<ConnectionMultiplexer>> connection = new(() => ConnectAsync(configuration));

    public async Task<IDatabase> DatabaseAsync() => (await connection.Value).GetDatabase();

    public async Task<ISubscriber> SubscriberAsync() => (await connection.Value).GetSubscriber();

    /// <summary>Runs a Lua script, which Redis does as one step.</summary>
    /// <param name="timeout">How long to wait for the answer, and for the connection where there is none yet.</param>
    /// <returns>The numbers that it returns; null when Redis did not answer in time.</returns>
    public async Task<long[]?> RunScriptAsync(string script, string key, double[] arguments, TimeSpan timeout, TimeProvider clock)
    {
        try
        {
            return await RunAsync().WaitAsync(timeout, clock);
        }
        catch (Exception e) when (IsOutage(e) || e is TimeoutException)
        {
            return null;
        }

        async Task<long[]?> RunAsync()
        {
            var db = await DatabaseAsync();
            return (long[]?)await db.ScriptEvaluateAsync(script, [key], [.. arguments.Select(a => (RedisValue)a)]);
        }
    }

    /// <summary>Whether <paramref name="exception"/> says that Redis is down.</summary>
    internal static bool IsOutage(Exception exception) => exception is RedisException and not RedisServerException;

    public async ValueTask DisposeAsync()
    {
        if (connection.IsValueCreated)
        {
            await (await connection.Value).DisposeAsync();
        }
    }

    private static Task<ConnectionMultiplexer> ConnectAsync(IConfiguration configuration)
    {
        var options = ConfigurationOptions.Parse(configuration.RequiredConnectionString("redis"));
        options.AbortOnConnectFail = false;
        options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = (int)CallTimeout.TotalMilliseconds;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry(500);
        return ConnectionMultiplexer.ConnectAsync(options);
    }
}
