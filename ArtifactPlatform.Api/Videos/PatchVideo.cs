using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Videos;

internal static class PatchVideo
{
    public static async Task<Results<Ok<VideoObject>, BadRequestError, NotFoundError>> Handle(
        string videoId, PatchVideoRequest request, Caller caller, PlatformDb db, VideoLog log, TimeProvider clock, CancellationToken ct)
    {
        if (TagRules.Check(request.Tags) is { } error)
        {
            return error;
        }

        var shown = request.IsEmpty() ? await log.ShownAsync(db, caller.CompanyId, videoId, ct) : await ChangeAsync(caller.CompanyId, videoId, request, log, clock.GetUtcNow(), ct);
        return shown is null ? Error.VideoNotFound() : TypedResults.Ok(shown);
    }

    private static Task<VideoObject?> ChangeAsync(string companyId, string videoId, PatchVideoRequest request, VideoLog log, DateTimeOffset now, CancellationToken ct) =>
        log.ChangeAsync(
            companyId,
            videoId,
            _ => true,
            set =>
            {
                set.SetProperty(v => v.UpdatedAt, now);
                if (request.Title is { } title)
                {
                    set.SetProperty(v => v.Title, title);
                }

                if (request.Names(nameof(request.Description)))
                {
                    set.SetProperty(v => v.Description, request.Description);
                }

                if (request.Names(nameof(request.Passthrough)))
                {
                    set.SetProperty(v => v.Passthrough, request.Passthrough);
                }

                if (request.Names(nameof(request.Tags)))
                {
                    List<string> tags = [.. request.Tags ?? []];
                    set.SetProperty(v => v.Tags, tags);
                }
            },
            eventType: null,
            ct);
}
