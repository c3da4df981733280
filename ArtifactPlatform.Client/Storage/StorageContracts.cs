namespace ArtifactPlatform.Client.Storage;

public enum StorageCheckStatus
{
    Passed,
    Failed,

    /// <summary>What it builds on has failed.</summary>
    Skipped,
}

/// <summary>One thing that the platform needs of its object store.</summary>
/// <param name="Name">Stable word: <c>put</c>, <c>multipart</c>, <c>double_complete</c>, <c>upload_part_copy</c>, <c>checksum</c>, <c>presigned_put</c>, <c>cors</c>, <c>clock_skew</c>, <c>lifecycle</c>, <c>delete</c>.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Advice">What to change; null unless it failed.</param>
public sealed record StorageCheck(string Name, StorageCheckStatus Status, string Detail, string? Advice);

/// <summary>What the storage doctor found.</summary>
/// <param name="Ok">Nothing failed.</param>
/// <param name="Endpoint">Address that the platform reaches the store at.</param>
/// <param name="PublicEndpoint">Address that presigned URLs carry.</param>
public sealed record StorageReport(bool Ok, string Endpoint, string PublicEndpoint, string Bucket, IReadOnlyList<StorageCheck> Checks);
