using System.ComponentModel;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;

namespace ArtifactPlatform.Api.Playback;

internal static class PlayDash
{
    public static async Task<IResult> Handle(
        string playbackId, [Description("JWT of a playback key, for `signed` ids.")] string? token, FindPlayback find, PlatformDb db, Quota quota, HttpContext context, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Video, ct);
        if (found is null)
        {
            return error;
        }

        var captions = await CaptionTrack.OfAsync(db, found.VideoId, ct);
        if (!context.IsHead())
        {
            await quota.CountViewAsync(db, found.CompanyId, found.VideoId, ct);
        }

        return ManifestResult.Of(context, DashManifest.Write(found.Package, captions, found.Query), ManifestResult.Dash, shared: false);
    }
}
