using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Core.Usage;

/// <summary>Settings <c>Quotas:*</c>: what every company may use that has no quota of its own. Left out = unlimited.</summary>
public sealed record QuotaOptions
{
    /// <summary>Stands in the database for "no limit" where a company has more than the default.</summary>
    public const long Unlimited = long.MaxValue;

    /// <summary>Bytes of all artifacts together.</summary>
    [Range(0, long.MaxValue)]
    public long? StoredBytes { get; init; }

    /// <summary>Minutes of video encoded in a calendar month (UTC).</summary>
    [Range(0, MaxEncodeMinutes)]
    public long? EncodeMinutes { get; init; }

    /// <summary>Views in a calendar month (UTC).</summary>
    [Range(0, long.MaxValue)]
    public long? Views { get; init; }

    /// <summary>The most that can be counted in milliseconds.</summary>
    public const long MaxEncodeMinutes = long.MaxValue / UsageKinds.MillisecondsPerMinute;

    /// <summary>In the unit that the kind is counted in; null = unlimited.</summary>
    public long? Of(UsageKind kind) => kind switch
    {
        UsageKind.StoredBytes => StoredBytes,
        UsageKind.EncodeTime => EncodeMinutes * UsageKinds.MillisecondsPerMinute,
        UsageKind.Views => Views,
        _ => null,
    };
}
