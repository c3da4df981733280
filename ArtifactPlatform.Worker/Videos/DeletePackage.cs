using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Worker.Queue;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Videos;

/// <summary>Removes a package that another has replaced, once nobody plays it any more.</summary>
public sealed class DeletePackage(IDbContextFactory<PlatformDb> databases, ObjectStore store) : JobHandler
{
    public override string Kind => JobKinds.DeletePackage;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        var (videoId, package) = job.SubjectId.Split('/') is [var id, var name] ? (id, name) : throw new FormatException($"'{job.SubjectId}' names no package.");
        await using var db = await databases.CreateDbContextAsync(ct);
        if (!await db.Videos.AnyAsync(v => v.Id == videoId && v.Package == package, ct))
        {
            await store.DeleteBelowAsync(ObjectKeys.PackagePrefix(videoId, package), exceptKey: null, ct);
        }

        return new JobOutcome.Done();
    }

    /// <summary>Nobody waits for it. The dead job tells the operator, and the next reprocessing or the video's deletion removes it.</summary>
    public override Task BuryAsync(Job job, string code, string reason, CancellationToken ct) => Task.CompletedTask;
}
