using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace ArtifactPlatform.Core.Queue;

/// <summary>Redis does not answer. Nothing is lost: the job rows are in Postgres.</summary>
public sealed class QueueUnavailableException(Exception cause) : IOException("The job queue (Redis) does not answer.", cause);

/// <summary>An entry of a stream: which job is next.</summary>
public sealed record JobEntry(string EntryId, string JobId);

/// <summary>
/// The dispatcher: one Redis stream per kind of job, read by the consumer group <c>workers</c>. It holds ids only and may lose all of
/// them at any time: the sweeper fills it again from the job rows.
/// </summary>
public sealed partial class JobStream(IConnectionMultiplexer redis, ILogger<JobStream> logger)
{
    private const string Group = "workers";

    /// <summary>Entries dropped in one call; more wait for the next.</summary>
    private const int StaleBatchSize = 100;

    /// <summary>Says "look at your stream" to idle workers; they look once a second anyway.</summary>
    private static readonly RedisChannel Nudges = RedisChannel.Literal("jobs");

    /// <summary>Puts a committed job on its stream. Never fails: what is lost here is found by the sweeper.</summary>
    public async Task SendAsync(string kind, string jobId)
    {
        try
        {
            var db = redis.GetDatabase();
            await db.StreamAddAsync(Name(kind), "job", jobId);
            await db.PublishAsync(Nudges, kind, CommandFlags.FireAndForget);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            LogSendFailed(logger, e.Message, jobId);
        }
    }

    /// <summary>Takes up to <paramref name="count"/> entries that no worker has had. Does not wait.</summary>
    /// <exception cref="QueueUnavailableException">Redis does not answer.</exception>
    public Task<IReadOnlyList<JobEntry>> ReadAsync(string kind, string consumer, int count) => CallAsync<IReadOnlyList<JobEntry>>(kind, async db =>
    {
        var entries = await db.StreamReadGroupAsync(Name(kind), Group, consumer, StreamPosition.NewMessages, count);
        return [.. entries.Select(e => new JobEntry(e.Id.ToString(), e["job"].ToString()))];
    });

    /// <summary>Takes an entry off the stream for good.</summary>
    /// <exception cref="QueueUnavailableException">Redis does not answer.</exception>
    public Task AckAsync(string kind, string entryId) => CallAsync(kind, async db =>
    {
        var acknowledged = db.StreamAcknowledgeAsync(Name(kind), Group, entryId);
        var deleted = db.StreamDeleteAsync(Name(kind), [entryId]);
        await acknowledged;
        return await deleted;
    });

    /// <summary>Drops entries that some worker took and never acknowledged. Their job rows say what became of them, so nothing is lost.</summary>
    /// <exception cref="QueueUnavailableException">Redis does not answer.</exception>
    public async Task DropStaleAsync(string kind, string consumer, TimeSpan idle)
    {
        var stale = await CallAsync(kind, db => db.StreamAutoClaimIdsOnlyAsync(Name(kind), Group, consumer, (long)idle.TotalMilliseconds, "0-0", StaleBatchSize));
        foreach (var id in stale.ClaimedIds)
        {
            await AckAsync(kind, id.ToString());
        }
    }

    /// <summary>Whether every entry has been handed to a worker: then a job that is still queued has lost its entry.</summary>
    /// <exception cref="QueueUnavailableException">Redis does not answer.</exception>
    public Task<bool> IsDrainedAsync(string kind) => CallAsync(kind, async db =>
    {
        var length = await db.StreamLengthAsync(Name(kind));
        return length == 0 || length <= (await db.StreamPendingAsync(Name(kind), Group)).PendingMessageCount;
    });

    /// <summary>Calls <paramref name="onNudge"/> with the kind whenever a job is sent; survives restarts of Redis.</summary>
    /// <exception cref="QueueUnavailableException">Redis does not answer.</exception>
    public async Task SubscribeAsync(Action<string> onNudge)
    {
        try
        {
            await redis.GetSubscriber().SubscribeAsync(Nudges, (_, kind) => onNudge(kind.ToString()));
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new QueueUnavailableException(e);
        }
    }

    /// <summary>One call to Redis; makes the consumer group first where it is missing, as after a flush.</summary>
    private async Task<T> CallAsync<T>(string kind, Func<IDatabase, Task<T>> call)
    {
        try
        {
            var db = redis.GetDatabase();
            try
            {
                return await call(db);
            }
            catch (RedisServerException e) when (e.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
            {
                await CreateGroupAsync(db, kind);
                return await call(db);
            }
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            throw new QueueUnavailableException(e);
        }
    }

    private static async Task CreateGroupAsync(IDatabase db, string kind)
    {
        try
        {
            await db.StreamCreateConsumerGroupAsync(Name(kind), Group, StreamPosition.Beginning, createStream: true);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another worker was quicker.
        }
    }

    private static RedisKey Name(string kind) => $"jobs:{kind}";

    [LoggerMessage(LogLevel.Warning, "Job {JobId} could not be put on its stream, the sweeper will do it: {Reason}")]
    private static partial void LogSendFailed(ILogger logger, string reason, string jobId);
}
