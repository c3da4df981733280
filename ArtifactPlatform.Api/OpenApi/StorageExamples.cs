using ArtifactPlatform.Api.Errors;
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

    public static Dictionary<string, Example> All() => new()
    {
        ["examineStorage"] = Examples.None.Answers(("report", Report)).Fails(Error.ScopeMissing(Scopes.Admin)),
    };
}
