using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ArtifactPlatform.Core.Events;

/// <summary>Tells every process that a company's event log has grown. It carries no event: listeners read the log, and do so now and then without a nudge.</summary>
public sealed partial class EventNudge(IConnectionMultiplexer redis, ILogger<EventNudge> logger)
{
    private static readonly RedisChannel Channel = RedisChannel.Literal("events");

    /// <summary>Call after the commit. Never fails: a lost nudge costs a listener a second.</summary>
    public async Task SendAsync(string companyId)
    {
        try
        {
            await redis.GetSubscriber().PublishAsync(Channel, companyId, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            LogFailed(logger, e, companyId);
        }
    }

    /// <summary>Calls <paramref name="onNudge"/> with the company's id; survives restarts of Redis.</summary>
    public Task SubscribeAsync(Action<string> onNudge) => redis.GetSubscriber().SubscribeAsync(Channel, (_, company) => onNudge(company.ToString()));

    [LoggerMessage(LogLevel.Debug, "Nudge for company {CompanyId} not sent")]
    private static partial void LogFailed(ILogger logger, Exception exception, string companyId);
}
