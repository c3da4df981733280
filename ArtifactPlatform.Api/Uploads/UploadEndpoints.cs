using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Uploads;

internal static class UploadEndpoints
{
    public static void AddUploads(this IServiceCollection services)
    {
        services.AddScoped<LandedFile>();
        services.AddScoped<VideoOfUpload>();
    }

    public static void MapUploads(this IEndpointRouteBuilder api)
    {
        var uploads = api.MapGroup("/uploads").WithTags("Uploads").WithMetadata(SnakeCaseNames.Instance);

        var write = uploads.MapGroup("").RequireAuthorization(Scopes.VideosWrite);
        write.MapPost("", CreateUpload.Handle).WithName("createUpload").WithSummary("Open an upload session")
            .WithDescription("Below 100 MB the file goes with one PUT to `url`; from there up to 5 TB in parts, any of them at the same time, each with a PUT to its URL. URLs live for 24 hours; `GET /uploads/{id}` gives fresh ones for what is missing.")
            .ProducesQuotaExceeded();
        write.MapPost("/{uploadId}/parts", SignParts.Handle).WithName("signUploadParts").WithSummary("Sign more parts")
            .WithDescription("URLs for the parts that are named, whether or not the store has them already.");
        write.MapPost("/{uploadId}/finalize", FinalizeUpload.Handle).WithName("finalizeUpload").WithSummary("Finalize an upload")
            .WithDescription("Makes the file an artifact and a video of it. Idempotent: a second call, two at once, or one after a lost answer return the same video. The server lists the parts itself.")
            .ProducesQuotaExceeded();
        write.MapDelete("/{uploadId}", AbortUpload.Handle).WithName("abortUpload").WithSummary("Abort an upload")
            .WithDescription("Ends the session and removes what was stored of it. Doing it again changes nothing.");

        uploads.MapGet("/{uploadId}", GetUpload.Handle).WithName("getUpload").WithSummary("Get an upload session").RequireAuthorization(Scopes.VideosRead)
            .WithDescription("What the store has, and fresh URLs for what it lacks: enough to go on after a crash or on another device.");
    }
}
