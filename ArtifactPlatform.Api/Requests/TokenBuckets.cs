using System.Collections.Concurrent;
using ArtifactPlatform.Core.Queue;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Requests;

/// <summary>How a bucket is filled.</summary>
/// <param name="PerSecond">Tokens a second.</param>
/// <param name="Burst">Tokens in a full bucket.</param>
internal readonly record struct BucketSize(int PerSecond, int Burst);

/// <summary>What came of asking for a token.</summary>
/// <param name="Tokens">Left in the bucket.</param>
internal readonly record struct TokenAnswer(bool Granted, double Tokens);

/// <summary>
/// Token buckets in Redis, one for all replicas: a script takes the token in one step, by Redis's clock. While Redis does not answer
/// each replica keeps buckets of the same size itself: the Api goes on, and a limit is then at most as many times too wide as there are replicas.
/// </summary>
internal sealed partial class TokenBuckets(RedisScripts redis, IOptions<RateLimits> limits, TimeProvider clock, ILogger<TokenBuckets> logger)
{
    /// <summary>How long a silent Redis is left alone: no request waits for it meanwhile, but for the one that looks again.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);

    /// <summary>Callers that are known at once while Redis is away; beyond it all start anew with full buckets. 100 bytes each.</summary>
    private const int MaxLocalBuckets = 100_000;

    /// <summary>Keeps what is in the bucket, and since when. It goes by itself when it would be full again.</summary>
    private const string Script =
        """
        local rate, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
        local time = redis.call('TIME')
        local now = time[1] * 1000 + math.floor(time[2] / 1000)
        local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
        local tokens, at = tonumber(bucket[1]) or burst, tonumber(bucket[2]) or now
        tokens = math.min(burst, tokens + math.max(0, now - at) * rate / 1000)
        local granted = tokens >= 1
        if granted then tokens = tokens - 1 end
        redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', tostring(now))
        redis.call('PEXPIRE', KEYS[1], math.ceil((burst - tokens) / rate * 1000) + 1000)
        return { granted and 1 or 0, math.floor(tokens * 1000) }
        """;

    private readonly ConcurrentDictionary<string, LocalBucket> local = new();
    private long awayUntil;

    /// <param name="name">Whose bucket.</param>
    public async Task<TokenAnswer> TakeAsync(string name, BucketSize size)
    {
        if (MayAskRedis())
        {
            if (await redis.RunAsync(Script, $"limit:{name}", [size.PerSecond, size.Burst], limits.Value.RedisTimeout) is [var granted, var thousandths])
            {
                Back();
                return new TokenAnswer(granted == 1, thousandths / 1000d);
            }

            LeaveAlone();
        }

        if (local.Count > MaxLocalBuckets)
        {
            local.Clear();
        }

        return local.GetOrAdd(name, _ => new LocalBucket(size.Burst, clock.GetTimestamp())).Take(size, clock);
    }

    /// <summary>While Redis is away one caller in <see cref="LookAgain"/> may: whoever moves the time on.</summary>
    private bool MayAskRedis()
    {
        var until = Volatile.Read(ref awayUntil);
        return until == 0
            || (clock.GetTimestamp() >= until && Interlocked.CompareExchange(ref awayUntil, Later(), until) == until);
    }

    private void LeaveAlone()
    {
        if (Interlocked.Exchange(ref awayUntil, Later()) == 0)
        {
            LogAway(logger);
        }
    }

    private void Back()
    {
        if (Volatile.Read(ref awayUntil) != 0 && Interlocked.Exchange(ref awayUntil, 0) != 0)
        {
            local.Clear();
            LogBack(logger);
        }
    }

    private long Later() => clock.GetTimestamp() + (long)(LookAgain.TotalSeconds * clock.TimestampFrequency);

    [LoggerMessage(LogLevel.Warning, "Redis does not answer; rate limits are kept by this replica alone")]
    private static partial void LogAway(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Redis answers again; rate limits are shared by all replicas")]
    private static partial void LogBack(ILogger logger);

    private sealed class LocalBucket(double tokens, long at)
    {
        private readonly Lock gate = new();

        public TokenAnswer Take(BucketSize size, TimeProvider clock)
        {
            lock (gate)
            {
                var now = clock.GetTimestamp();
                tokens = Math.Min(size.Burst, tokens + (clock.GetElapsedTime(at, now).TotalSeconds * size.PerSecond));
                at = now;
                var granted = tokens >= 1;
                tokens -= granted ? 1 : 0;
                return new TokenAnswer(granted, tokens);
            }
        }
    }
}
