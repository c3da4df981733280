using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Core.Network;

namespace ArtifactPlatform.Core.Artifacts;

/// <summary>Settings <c>Ingest:*</c>.</summary>
public sealed record IngestOptions
{
    /// <summary>Networks in CIDR notation that URLs and S3 endpoints may lead to although they are not public. Empty = none.</summary>
    public IReadOnlyList<string> AllowedPrivateNetworks { get; init; } = [];

    /// <summary>Bytes of one artifact; the cap also ends a download of unknown length.</summary>
    [Range(1, IngestLimits.MaxSizeBytes)]
    public long MaxSizeBytes { get; init; } = IngestLimits.MaxSizeBytes;

    /// <summary>Longest silence of a source before the transfer is broken off and resumed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Fragments fetched at once.</summary>
    [Range(1, 64)]
    public int FragmentParallelism { get; init; } = 8;

    /// <exception cref="FormatException">A network is not in CIDR notation.</exception>
    public AddressGuard CreateGuard() => AddressGuard.Allowing(AllowedPrivateNetworks);
}
