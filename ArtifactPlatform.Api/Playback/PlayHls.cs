using System.ComponentModel;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Playback;

internal static class PlayHls
{
    private const string TokenWords = "JWT of a playback key, for `signed` ids.";

    public static async Task<IResult> Master(string playbackId, [Description(TokenWords)] string? token, FindPlayback find, PlatformDb db, Quota quota, HttpContext context, CancellationToken ct)
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

        return ManifestResult.Of(context, HlsManifests.Master(found.Package, captions, found.Query), ManifestResult.Hls, shared: found.Query.Length == 0);
    }

    public static Task<IResult> Video(string playbackId, [Description("720 for 720p.")] int rung, [Description(TokenWords)] string? token, FindPlayback find, ObjectStore store, HttpContext context, CancellationToken ct) =>
        TrackAsync(playbackId, token, find, store, context, package => package.Video.FirstOrDefault(v => v.Rung == rung)?.Track, "video/mp4", ct);

    public static Task<IResult> Audio(string playbackId, [Description("From 0.")] int track, [Description(TokenWords)] string? token, FindPlayback find, ObjectStore store, HttpContext context, CancellationToken ct) =>
        TrackAsync(playbackId, token, find, store, context, package => package.Audio.ElementAtOrDefault(track)?.Track, "audio/mp4", ct);

    public static async Task<IResult> Captions(
        string playbackId, [Description("`cap_…`.")] string captionId, [Description(TokenWords)] string? token, FindPlayback find, PlatformDb db, ObjectStore store, HttpContext context, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Video, ct);
        if (found is null)
        {
            return error;
        }

        if (!await db.Captions.AnyAsync(c => c.Id == captionId && c.VideoId == found.VideoId, ct))
        {
            return Error.RenditionNotFound();
        }

        var url = store.PresignMedia(ObjectKeys.Caption(found.VideoId, captionId), found.UrlLifetime, PlayFiles.CaptionType);
        return ManifestResult.Of(context, HlsManifests.Captions(found.Package.Duration, url), ManifestResult.Hls, shared: false);
    }

    private static async Task<IResult> TrackAsync(
        string playbackId, string? token, FindPlayback find, ObjectStore store, HttpContext context, Func<VideoPackage, PackagedTrack?> choose, string contentType, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Video, ct);
        if (found is null)
        {
            return error;
        }

        return choose(found.Package) is { } track
            ? ManifestResult.Of(context, HlsManifests.Media(track, found.UrlOf(store, track.File, contentType)), ManifestResult.Hls, shared: false)
            : Error.RenditionNotFound();
    }
}
