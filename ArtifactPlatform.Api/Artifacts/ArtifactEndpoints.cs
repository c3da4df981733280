using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Artifacts;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Artifacts;

internal static class ArtifactEndpoints
{
    private const string CreateDescription =
        """
        Give `name`, `type` and at most one of `url`, `s3Path` and `fragments`.
        - None: answers a presigned URL that takes one PUT of up to 5 GB for 15 minutes. The finished PUT is noticed within 2 seconds by itself.
        - `url`: a public http or https address. Private and local addresses are refused.
        - `s3Path`: `s3://bucket/key`, from `GET /artifacts/create`, or in a bucket that the API key's S3 credentials can read.
        - `fragments`: 1 to 1,000 sources, put in order of `startTime` and joined end to end. All must have the same codecs, resolution, frame rate, sample rate and channel layout, and one audio track at most.

        With `expiresAt` the artifact is deleted by itself at that time, as by `DELETE`. (The `expiresAt` in the answer of an upload is the URL's.)

        With a source the artifact comes back as `created`; the work is asynchronous.
        """;

    public static void AddArtifacts(this IServiceCollection services)
    {
        services.AddOptions<IngestOptions>().BindConfiguration("Ingest").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<IngestOptions>>().Value.CreateGuard());
        services.AddScoped<CheckSources>();
        services.AddSingleton<NoticeUploads>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeUploads>());
    }

    public static void MapArtifacts(this IEndpointRouteBuilder api)
    {
        var artifacts = api.MapGroup("/artifacts").WithTags("Artifacts");

        var write = artifacts.MapGroup("").RequireAuthorization(Scopes.ArtifactsWrite);
        write.MapPost("/create", CreateArtifact.Handle).WithName("createArtifact").WithSummary("Create an artifact").WithDescription(CreateDescription).ProducesQuotaExceeded();
        write.MapPost("", CreateArtifact.Handle).WithName("createArtifactAlias").WithSummary("Create an artifact (alias)").WithDescription(CreateDescription).ProducesQuotaExceeded();
        write.MapGet("/create", PresignTempUpload.Handle).WithName("presignTempUpload").WithSummary("Get a presigned upload URL")
            .WithDescription("A place to PUT a file first, good for 24 hours; then create an artifact with the returned `s3Path`.")
            .ProducesBadRequest();
        write.MapPost("/{artifactId}/complete", CompleteArtifact.Handle).WithName("completeArtifact").WithSummary("Say that the PUT is done")
            .WithDescription("Optional: work begins at once rather than when the file is noticed. Doing it again changes nothing.");
        write.MapPost("/{artifactId}/retry", RetryArtifact.Handle).WithName("retryArtifact").WithSummary("Try a failed artifact again")
            .WithDescription("Takes an `upload_failed` artifact back to `created` and queues the work.")
            .ProducesQuotaExceeded();
        write.MapPatch("/{artifactId}", PatchArtifact.Handle).WithName("patchArtifact").WithSummary("Change name, metadata or expiry")
            .WithDescription("Members left out stay as they are; `metadata` is replaced whole. `null` takes metadata or expiry away.");
        write.MapDelete("/{artifactId}", DeleteArtifact.Handle).WithName("deleteArtifact").WithSummary("Delete an artifact")
            .WithDescription("Removes the record at once and every stored object right after. What is under way for it stops. Where the company's `deletedArtifactsDays` is above 0, the files of a completed artifact stay for so long, and it can be restored.");
        write.MapPost("/{artifactId}/restore", RestoreArtifact.Handle).WithName("restoreArtifact").WithSummary("Restore a deleted artifact")
            .WithDescription("Takes a deleted artifact back, without its expiry, and tells of it as `artifact.created`. Videos that were made from it don't lead to it any more.")
            .ProducesQuotaExceeded();

        var read = artifacts.MapGroup("").RequireAuthorization(Scopes.ArtifactsRead);
        read.MapGet("", ListArtifacts.Handle).WithName("listArtifacts").WithSummary("List artifacts")
            .WithDescription("One page, newest first. Give `nextCursor` as `startingAfter` to get the next; with `endingBefore` the page before comes, and `nextCursor` goes on in that direction.");
        read.MapGet("/deleted", ListDeletedArtifacts.Handle).WithName("listDeletedArtifacts").WithSummary("List deleted artifacts")
            .WithDescription("Those that can still be restored, newest first.");
        read.MapGet("/{artifactId}", GetArtifact.Handle).WithName("getArtifact").WithSummary("Get an artifact").WithDescription("The artifact as it is now.");
        read.MapGet("/{artifactId}/download", DownloadArtifact.Handle).WithName("downloadArtifact").WithSummary("Download an artifact")
            .WithDescription("Redirects to a presigned URL that is good for 5 minutes and carries the original file name. With `redirect=false` the URL comes as JSON.")
            .Produces(StatusCodes.Status302Found)
            .ProducesBadRequest();
    }

    /// <summary>Where the object store pushes its notifications: for the store alone, with a token of its own.</summary>
    public static void MapStoreEvents(this IEndpointRouteBuilder app) =>
        app.MapPost("/internal/s3-events", ReceiveStoreEvents.Handle).AllowAnonymous().ExcludeFromDescription();
}
