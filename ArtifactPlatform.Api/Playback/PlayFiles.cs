using System.ComponentModel;
using System.Globalization;
using System.Text;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Playback;

/// <summary>Files that stand in a package as they are.</summary>
internal static class PlayFiles
{
    public const string CaptionType = "text/vtt; charset=utf-8";

    private const string TokenWords = "JWT of a playback key, for `signed` ids.";

    public static Task<IResult> Mp4(string playbackId, [Description("720 for 720p.")] int rung, [Description(TokenWords)] string? token, FindPlayback find, ObjectStore store, HttpContext context, CancellationToken ct) =>
        RedirectAsync(playbackId, token, PlaybackAudience.Video, find, store, context, package => package.Video.FirstOrDefault(v => v.Rung == rung)?.Mp4File, "video/mp4", ct);

    public static Task<IResult> Track(string playbackId, string file, [Description(TokenWords)] string? token, FindPlayback find, ObjectStore store, HttpContext context, CancellationToken ct) =>
        RedirectAsync(playbackId, token, PlaybackAudience.Video, find, store, context, package => package.Video.Select(v => v.Track.File).Concat(package.Audio.Select(a => a.Track.File)).FirstOrDefault(f => f == file), "video/mp4", ct);

    public static Task<IResult> StoryboardSheet(string playbackId, [Description(TokenWords)] string? token, FindPlayback find, ObjectStore store, HttpContext context, CancellationToken ct) =>
        RedirectAsync(playbackId, token, PlaybackAudience.Storyboard, find, store, context, package => package.Storyboard?.File, "image/jpeg", ct);

    public static async Task<IResult> Caption(
        string playbackId, [Description("`cap_…`.")] string captionId, [Description(TokenWords)] string? token, FindPlayback find, PlatformDb db, ObjectStore store, HttpContext context, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Video, ct);
        if (found is null)
        {
            return error;
        }

        return await db.Captions.AnyAsync(c => c.Id == captionId && c.VideoId == found.VideoId, ct)
            ? ManifestResult.RedirectTo(context, store, ObjectKeys.Caption(found.VideoId, captionId), found.UrlLifetime, CaptionType)
            : Error.RenditionNotFound();
    }

    public static async Task<IResult> WaveformPeaks(string playbackId, [Description(TokenWords)] string? token, FindPlayback find, ObjectStore store, HttpContext context, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Video, ct);
        if (found is null)
        {
            return error;
        }

        return await store.HeadAsync(found.KeyOf(PackageFiles.Waveform), ct) is null
            ? Error.RenditionNotFound()
            : found.RedirectTo(context, store, PackageFiles.Waveform, "application/json");
    }

    public static async Task<IResult> Storyboard(string playbackId, [Description(TokenWords)] string? token, FindPlayback find, HttpContext context, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Storyboard, ct);
        if (found is null)
        {
            return error;
        }

        return found.Package.Storyboard is { } board
            ? ManifestResult.Of(context, StoryboardVtt(board, found.Package.Duration, found.Query), ManifestResult.Vtt, shared: found.Query.Length == 0)
            : Error.RenditionNotFound();
    }

    internal static string StoryboardVtt(Storyboard board, double duration, string query)
    {
        var text = new StringBuilder("WEBVTT\n\n");
        for (var i = 0; i < board.Count; i++)
        {
            var (from, to) = (i * board.IntervalSeconds, i == board.Count - 1 ? Math.Max(duration, (i * board.IntervalSeconds) + 0.001) : (i + 1) * board.IntervalSeconds);
            var (x, y) = (i % board.Columns * board.TileWidth, i / board.Columns * board.TileHeight);
            text.Append(CultureInfo.InvariantCulture, $"{Time(from)} --> {Time(to)}\nstoryboard.jpg{query}#xywh={x},{y},{board.TileWidth},{board.TileHeight}\n\n");
        }

        return text.ToString();

        static string Time(double seconds)
        {
            var time = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
            return string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours:00}:{time:mm\\:ss\\.fff}");
        }
    }

    private static async Task<IResult> RedirectAsync(
        string playbackId, string? token, string audience, FindPlayback find, ObjectStore store, HttpContext context, Func<VideoPackage, string?> choose, string contentType, CancellationToken ct)
    {
        var (found, error) = await find.FindAsync(playbackId, token, audience, ct);
        if (found is null)
        {
            return error;
        }

        return choose(found.Package) is { } file ? found.RedirectTo(context, store, file, contentType) : Error.RenditionNotFound();
    }
}
