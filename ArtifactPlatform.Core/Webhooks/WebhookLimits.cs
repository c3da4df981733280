namespace ArtifactPlatform.Core.Webhooks;

/// <summary>Limits of webhooks that are not part of a request's own form.</summary>
public static class WebhookLimits
{
    /// <summary>Endpoints of a company: each multiplies what an event costs, and few have use for more than a handful.</summary>
    public const int MaxEndpoints = 50;

    /// <summary>How much of an answer is kept: enough for the message of an error.</summary>
    public const int MaxResponseBytes = 1024;

    /// <summary>Events that one request to replay takes: a second of inserting rows.</summary>
    public const int MaxReplay = 10_000;

    /// <summary>An endpoint that has done nothing but fail for this long is disabled, unless it was hardly tried.</summary>
    public static readonly TimeSpan MaxFailing = TimeSpan.FromDays(3);

    /// <summary>How long a rotated secret signs beside the new one unless said otherwise: time to roll the new one out.</summary>
    public static readonly TimeSpan UsualGrace = TimeSpan.FromDays(1);
}
