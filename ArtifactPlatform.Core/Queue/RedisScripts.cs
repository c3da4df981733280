using StackExchange.Redis;

namespace ArtifactPlatform.Core.Queue;

/// <summary>Runs Lua scripts, which Redis executes as one step.</summary>
public sealed class RedisScripts(IConnectionMultiplexer redis, TimeProvider clock)
{
    /// <param name="timeout">How long to wait for the answer.</param>
    /// <returns>The numbers that the script returns; null when Redis did not answer in time.</returns>
    public async Task<long[]?> RunAsync(string script, string key, double[] arguments, TimeSpan timeout)
    {
        try
        {
            return (long[]?)await redis.GetDatabase().ScriptEvaluateAsync(script, [key], [.. arguments.Select(a => (RedisValue)a)]).WaitAsync(timeout, clock);
        }
        catch (Exception e) when (RedisSetup.IsOutage(e) || e is TimeoutException)
        {
            return null;
        }
    }
}
