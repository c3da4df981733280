using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Retention;
using ArtifactPlatform.Client.Storage;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Examples of the routes about what is stored and for how long.</summary>
internal static class StorageExamples
{
    private static readonly StorageReport Report = new(
        Ok: false,
        "http://minio:9000/",
        "https://storage.example.com/",
        "artifacts",
        [
            new("put", StorageCheckStatus.Passed, "1024 bytes were written and came back the same.", Advice: null),
            new("presigned_put", StorageCheckStatus.Failed, "storage.example.com can't be reached from here: Connection refused", "Presigned URLs carry this address. Set Storage__PublicEndpoint to the one at which browsers reach the store."),
            new("cors", StorageCheckStatus.Skipped, "Not tried: it builds on presigned_put.", Advice: null),
        ]);

    private static readonly RetentionObject Retention = new() { EventsDays = 30, DeliveriesDays = 30, FailedUploadsDays = 30, DeletedArtifactsDays = 14, UpdatedAt = Samples.Completed.UpdatedAt };

    private static readonly DeletedArtifact Deleted = new(Samples.ArtifactId, Samples.Completed.Name, Samples.Completed.Type, Samples.Completed.Size, Samples.Completed.UpdatedAt, Samples.Completed.UpdatedAt.AddDays(14));

    public static Dictionary<string, Example> All() => new()
    {
        ["getRetention"] = Examples.None.Answers(("defaults", Retention with { UpdatedAt = null, DeletedArtifactsDays = 0 })).Fails(Error.ScopeMissing(Scopes.Admin)),
        ["patchRetention"] = Examples.None.Asks(("restorable", new PatchRetentionRequest { DeletedArtifactsDays = Retention.DeletedArtifactsDays })).Answers(("changed", Retention))
            .Fails(Error.InvalidParameter("deletedArtifactsDays", "The field deletedArtifactsDays must be between 0 and 90."), Error.ScopeMissing(Scopes.Admin)),
        ["listDeletedArtifacts"] = Examples.None.Answers(("page", new Page<DeletedArtifact>([Deleted], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, Error.ScopeMissing(Scopes.ArtifactsRead)),
        ["restoreArtifact"] = Examples.None.Answers(("restored", Samples.Completed)).Fails(Error.NotRestorable().Failure),
        ["examineStorage"] = Examples.None.Answers(("report", Report)).Fails(Error.ScopeMissing(Scopes.Admin)),
    };
}
