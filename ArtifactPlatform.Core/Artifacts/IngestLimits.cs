namespace ArtifactPlatform.Core.Artifacts;

/// <summary>Limits of taking in that more than one process keeps.</summary>
public static class IngestLimits
{
    /// <summary>5 GB as the contract has it: the largest single PUT that S3 takes is 5 GiB.</summary>
    public const long MaxSizeBytes = 5L << 30;

    /// <summary>Tries before a job is given up: enough to ride out a restart of any part, few enough to fail within minutes.</summary>
    public const int MaxAttempts = 5;

    /// <summary>How long a presigned PUT URL lives.</summary>
    public static readonly TimeSpan UploadUrlLifetime = TimeSpan.FromMinutes(15);

    /// <summary>A PUT that began just before the URL ran out may still be on its way: 5 GB at 100 Mbit/s take 7 minutes.</summary>
    public static readonly TimeSpan UploadGrace = TimeSpan.FromMinutes(10);

    /// <summary>How long a place from <c>GET /artifacts/create</c> is kept.</summary>
    public static readonly TimeSpan TempUploadLifetime = TimeSpan.FromHours(24);
}
