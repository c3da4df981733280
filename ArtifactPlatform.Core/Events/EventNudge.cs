using ArtifactPlatform.Core.Queue;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ArtifactPlatform.Core.Events;

/// <summary>Tells every process that a company's event log has grown. It carries no event: listeners read the log, and do so now and then without a nudge.</summary>
public sealed partial class EventNudge(RedisConnection redis, ILogger<EventNudge> logger)
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("events");

    /// <summary>Call after the commit. Never fails: a lost nudge costs a listener a second.</summary>
    public async Task SendAsync(string companyId)
    {
        try
        {
            var subscriber = await redis.SubscriberAsync();
            await subscriber.PublishAsync(Channel, companyId, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            LogFailed(logger, e, companyId);
        }
    }

    /// <summary>Calls <paramref name="onNudge"/> with the company's id; survives restarts of Redis.</summary>
    public async Task SubscribeAsync(Action<string> onNudge)
    {
        var subscriber = await redis.SubscriberAsync();
        await subscriber.SubscribeAsync(Channel, (_, company) => onNudge(company.ToString()));
    }

    [LoggerMessage(LogLevel.Debug, "Nudge for company {CompanyId} not sent")]
    private static partial void LogFailed(ILogger logger, Exception exception, string companyId);
}
