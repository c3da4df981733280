using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Docks;

/// <summary>
/// One content in one dock: whoever makes an artifact of it, or takes one away, takes turns with the others, so that it is settled at
/// each moment whose the stored bytes are. Other contents are not held up.
/// </summary>
public static class DockContent
{
    /// <summary>Waits for its turn, which lasts until the transaction ends. To be taken before any of the content's rows is changed.</summary>
    public static Task LockAsync(PlatformDb db, string dockId, string hash, CancellationToken ct) =>
        db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock(hashtextextended({dockId + hash}, 0))", ct);

    /// <summary>Whether the store still has the very object whose bytes were verified for this completed artifact: one of another length or ETag is not it.</summary>
    public static async Task<bool> IsIntactAsync(ObjectStore store, DockArtifact artifact, CancellationToken ct) =>
        await store.HeadAsync(artifact.S3Key, ct) is { } stored && stored.SizeBytes == artifact.SizeBytes && stored.ETag == artifact.S3ETag;
}
