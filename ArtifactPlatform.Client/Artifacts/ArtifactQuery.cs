namespace ArtifactPlatform.Client.Artifacts;

/// <summary>What <c>GET /artifacts</c> filters and orders by; members left out filter nothing.</summary>
public sealed record ArtifactQuery
{
    public ArtifactType? Type { get; init; }

    public ArtifactStatus? Status { get; init; }

    /// <summary>Part of the name, in any case of letters.</summary>
    public string? Search { get; init; }

    public DateTimeOffset? CreatedAfter { get; init; }

    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary><c>-createdAt</c> (newest first, the default) or <c>createdAt</c>.</summary>
    public string? Sort { get; init; }

    /// <summary>1-100; 20 when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>Id of the last artifact of the page before.</summary>
    public string? StartingAfter { get; init; }

    /// <summary>Id of the first artifact of the page behind.</summary>
    public string? EndingBefore { get; init; }
}
