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
        string videoId, PatchVideoRequest request, Caller caller, VideoLog log, TimeProvider clock, CancellationToken ct)
    {
        if (TagRules.Check(request.Tags) is { } error)
        {
            return error;
        }

        var now = clock.GetUtcNow();
        var changed = await log.ChangeAsync(
            caller.CompanyId,
            videoId,
            _ => true,
            set =>
            {
                set.SetProperty(v => v.UpdatedAt, now);
                if (request.Title is { } title)
                {
                    set.SetProperty(v => v.Title, title);
                }

                if (request.Description is { } description)
                {
                    set.SetProperty(v => v.Description, description);
                }

                if (request.Passthrough is { } passthrough)
                {
                    set.SetProperty(v => v.Passthrough, passthrough);
                }

                if (request.Tags is { } tags)
                {
                    List<string> all = [.. tags];
                    set.SetProperty(v => v.Tags, all);
                }
            },
            eventType: null,
            ct);
        return changed is null ? Error.VideoNotFound() : TypedResults.Ok(changed);
    }
}
