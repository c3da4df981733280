using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Worker.Queue;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Removes what a deleted artifact, of a dock or not, or video, or a temporary upload that went with it, has left in the store: the subject is the id of any of these.</summary>
public sealed class DeleteObjects(ObjectStore store) : JobHandler
{
    public override string Kind => JobKinds.DeleteObjects;

    public override async Task<JobOutcome> HandleAsync(Job job, CancellationToken ct)
    {
        await store.DeleteBelowAsync(ObjectKeys.ArtifactPrefix(job.SubjectId), exceptKey: null, ct);
        await store.DeleteAsync(ObjectKeys.Incoming(job.SubjectId), ct);
        await store.DeleteBelowAsync(ObjectKeys.VideoPrefix(job.SubjectId), exceptKey: null, ct);
        await store.DeleteBelowAsync(ObjectKeys.TempPrefix(job.SubjectId), exceptKey: null, ct);
        await store.DeleteBelowAsync(ObjectKeys.DepositPrefix(job.SubjectId), exceptKey: null, ct);
        return new JobOutcome.Done();
    }

    /// <summary>Nobody waits for it: the row is gone. The dead job tells the operator.</summary>
    public override Task BuryAsync(Job job, string code, string reason, CancellationToken ct) => Task.CompletedTask;
}
