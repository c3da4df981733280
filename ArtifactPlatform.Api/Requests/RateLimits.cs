using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Api.Requests;

/// <summary>Settings <c>RateLimits:*</c>. Each caller has a bucket of tokens: a request takes one, and they come back at a steady rate.</summary>
public sealed record RateLimits
{
    /// <summary>Requests a second that an API key, session or machine client may make for ever.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; init; } = 100;

    /// <summary>Requests that it may make at once after a pause: the size of its bucket. Ten seconds' worth lets scripts run ahead.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; init; } = 1000;

    /// <summary>The same for an address from which requests come without a good token. All users of one dashboard sign in from its address.</summary>
    [Range(1, 1_000_000)]
    public int AnonymousRequestsPerSecond { get; init; } = 50;

    [Range(1, 1_000_000)]
    public int AnonymousBurst { get; init; } = 1000;

    /// <summary>How long Redis may take over a request before the limit is kept here alone: far above its usual fraction of a millisecond, far below what a person notices.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10")]
    public TimeSpan RedisTimeout { get; init; } = TimeSpan.FromMilliseconds(250);
}
