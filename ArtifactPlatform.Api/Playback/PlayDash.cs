using System.ComponentModel;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Playback;

internal static class PlayDash
{
    public static async Task<IResult> Handle(
        string playbackId, [Description("JWT of a playback key, for `signed` ids.")] string? token, FindPlayback find, PlatformDb db, Quota quota, ObjectStore store, HttpContext context, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Video, ct);
        if (found is null)
        {
            return error;
        }

        var captions = await db.Captions.AsNoTracking().Where(c => c.VideoId == found.VideoId).OrderBy(c => c.Id).ToListAsync(ct);
        var tracks = captions.ConvertAll(c => (c, store.PresignMedia(ObjectKeys.Caption(found.VideoId, c.Id), found.UrlLifetime, "text/vtt; charset=utf-8")));
        if (!context.IsHead())
        {
            await quota.CountViewAsync(db, found.CompanyId, found.VideoId, ct);
        }

        return ManifestResult.Of(context, DashManifest.Write(found.Package, tracks, found.Query), ManifestResult.Dash, shared: false);
    }
}
