using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ArtifactPlatform.Core.Queue;

/// <summary>Registers the one connection of this process to Redis through Aspire's integration, which brings a health check and traces. It reconnects by itself; while Redis is down, calls throw <see cref="RedisException"/>.</summary>
internal static class RedisSetup
{
    public const string ConnectionName = "redis";

    /// <summary>The name that the integration gives its health check.</summary>
    public const string HealthCheckName = "StackExchange.Redis";

    /// <summary>Long enough for a busy server, short enough that a frozen one does not hold up requests.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan ReconnectInterval = TimeSpan.FromMilliseconds(500);

    public static void AddPlatformRedis(this IHostApplicationBuilder builder)
    {
        builder.AddRedisClient(ConnectionName, configureOptions: options =>
        {
            options.AbortOnConnectFail = false;
            // The first connection is made while the service starts, which goes on without Redis after one attempt.
            options.ConnectRetry = 1;
            options.ConnectTimeout = options.AsyncTimeout = options.SyncTimeout = (int)CallTimeout.TotalMilliseconds;
            options.BacklogPolicy = BacklogPolicy.FailFast;
            options.ReconnectRetryPolicy = new LinearRetry((int)ReconnectInterval.TotalMilliseconds);
        });
        // It logs a page for each connection, and a stack trace when one is closed. Failed calls are logged where they are made.
        builder.Logging.AddFilter("StackExchange.Redis", LogLevel.Warning);
        builder.Services.AddSingleton<RedisScripts>();
        builder.Services.AddSingleton<JobStream>();
    }

    /// <summary>Whether StackExchange.Redis can read it.</summary>
    public static bool IsConnectionString(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(text).EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Whether <paramref name="exception"/> says that Redis is down.</summary>
    public static bool IsOutage(Exception exception) => exception is RedisException and not RedisServerException;
}
