using System.Globalization;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>How a video of some length and shape is laid out on one sheet. Pure.</summary>
internal sealed record StoryboardLayout(Storyboard Sheet, int IntervalMilliseconds)
{
    public const string FileName = "storyboard.jpg";

    /// <summary>Beside it: brightness, contrast and colour of each tile, as <see cref="PosterChoice"/> reads them.</summary>
    public const string NumbersFile = "storyboard.txt";

    /// <summary>10 by 10 tiles of 160 pixels: 1600 pixels is what any phone decodes at once.</summary>
    public const int MaxTiles = 100;

    private const int Columns = 10;
    private const int TileSide = 160;
    private const int LeastMilliseconds = 200;

    /// <summary>Up to this length, and <see cref="DecodeAllPixels"/>, every frame is decoded, which takes a second; above, keyframes alone.</summary>
    private const double DecodeAllSeconds = 100;

    /// <summary>A copied source may be large: 16 s of 1080p.</summary>
    private const double DecodeAllPixels = 1e9;

    public bool KeyframesOnly => IntervalMilliseconds >= PackageArguments.SegmentSeconds * 1000;

    /// <summary>Of a picture that is being encoded: every frame comes by.</summary>
    /// <inheritdoc cref="OfTrack"/>
    public static StoryboardLayout OfEncode(double seconds, int width, int height) => Of(seconds, width, height, LeastMilliseconds);

    /// <summary>Of a track that is there already.</summary>
    /// <param name="seconds">Of the video track.</param>
    /// <param name="width">Of the rung that the tiles come from; so is <paramref name="height"/>.</param>
    /// <param name="frameRate">Frames a second.</param>
    public static StoryboardLayout OfTrack(double seconds, int width, int height, double frameRate) => Of(
        seconds,
        width,
        height,
        seconds <= DecodeAllSeconds && seconds * frameRate * width * height <= DecodeAllPixels ? LeastMilliseconds : PackageArguments.SegmentSeconds * 1000);

    /// <returns>The sheet of a track that turned out to be <paramref name="seconds"/> long; null when that is far from what it was laid out for.</returns>
    public Storyboard? Fitted(double seconds)
    {
        var count = (int)Math.Ceiling(seconds * 1000 / IntervalMilliseconds);
        return Math.Abs(count - Sheet.Count) <= 1 ? Sheet with { Count = Math.Clamp(count, 1, Sheet.Count) } : null;
    }

    private static StoryboardLayout Of(double seconds, int width, int height, int least)
    {
        var interval = Math.Max(least, (int)Math.Ceiling(seconds * 1000 / MaxTiles));
        var count = Math.Clamp((int)Math.Ceiling(seconds * 1000 / interval), 1, MaxTiles);
        var columns = Math.Min(Columns, count);
        var scale = Math.Min(1, TileSide / (double)Math.Max(width, height));
        return new(
            new(FileName, Even(width * scale), Even(height * scale), columns, (count + columns - 1) / columns, interval / 1000.0, count),
            interval);
    }

    /// <summary>What has to be read of a track: everything, or the segment that each tile's time falls into.</summary>
    public IReadOnlyList<PackagedSegment> Segments(PackagedTrack track)
    {
        if (!KeyframesOnly)
        {
            return track.Segments;
        }

        List<PackagedSegment> chosen = [];
        var (end, tile) = (0.0, 0);
        foreach (var segment in track.Segments)
        {
            end += segment.Seconds;
            if (tile * Sheet.IntervalSeconds < end)
            {
                chosen.Add(segment);
                tile = (int)Math.Ceiling(end / Sheet.IntervalSeconds);
            }
        }

        return chosen;
    }

    /// <summary>One frame a tile: held where there is none, cut off behind the last.</summary>
    /// <param name="folder">Where <see cref="NumbersFile"/> is written.</param>
    public string Filters(string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"fps=1000/{IntervalMilliseconds}:start_time=0:round=up,scale={Sheet.TileWidth}:{Sheet.TileHeight},tpad=stop_mode=clone:stop={Sheet.Count},trim=end_frame={Sheet.Count},{Pictures.ForJpeg},signalstats,metadata=mode=print:file={Escaped(Path.Combine(folder, NumbersFile))},tile={Sheet.Columns}x{Sheet.Rows}");

    /// <summary>
    /// The same beside other outputs: a blank sheet first, which the real one then replaces. ffmpeg tells of no progress before every output
    /// has had a picture, and the sheet is whole only at the end. Both get times of their own: a sheet lasts longer than many a video.
    /// </summary>
    public string FiltersOfEncode(string folder) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Filters(folder)},setsar=1[tiles];color=s={Sheet.TileWidth * Sheet.Columns}x{Sheet.TileHeight * Sheet.Rows},trim=end_frame=1,{Pictures.ForJpeg},setsar=1[blank];[blank][tiles]concat,setpts=N/(25*TB)");

    /// <summary>Writes <see cref="FileName"/> out of what comes last from <c>[sheet]</c>.</summary>
    public static IEnumerable<string> Output(string folder) =>
        ["-map", "[sheet]", "-fps_mode", "passthrough", "-enc_time_base", "1:25", "-update", "1", "-c:v", "mjpeg", "-q:v", "5", "-f", "image2", InputArguments.FileUrl(Path.Combine(folder, FileName))];

    /// <summary>A text in a filter graph is read twice: as one option's value, then as a part of the graph.</summary>
    private static string Escaped(string text) => Marked(Marked(text, @"\':"), @"\'[],;");

    private static string Marked(string text, string signs) => string.Concat(text.Select(c => signs.Contains(c) ? $@"\{c}" : $"{c}"));

    private static int Even(double size) => Math.Max(2, (int)Math.Round(size / 2) * 2);
}
