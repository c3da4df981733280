using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Storage;

internal static class StorageEndpoints
{
    public static void MapStorage(this IEndpointRouteBuilder api)
    {
        var storage = api.MapGroup("/storage").RequireAuthorization(Scopes.Admin).WithTags("Storage");

        storage.MapPost("/doctor", ExamineStorage.Handle).WithName("examineStorage").WithSummary("Check the object store")
            .WithDescription("Tries what the platform needs of its store: put, multipart, completing twice, copying parts, checksums, a presigned PUT from the public endpoint, CORS with the ETag exposed, clock, lifecycle rules, deletion. Each failure says what to change. It takes seconds, changes no configuration and leaves nothing behind.");
    }
}
