using System.Globalization;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What makes any decoded picture one that every browser shows right: progressive, square pixels, 8-bit 4:2:0, BT.709. Pure.</summary>
internal static class PictureFilters
{
    /// <summary>Luminance that counts as white when HDR is brought down; ITU-R BT.2408 has 203, with which films come out dark on small screens.</summary>
    private const string WhiteNits = "100";

    /// <summary>
    /// From one rung to the next. zimg takes two thirds of the time of ffmpeg's own scaler, comes a little nearer to a slow and exact one in
    /// luma with the same curve, and takes chroma as sited at the left, where H.264 has it when nothing is said.
    /// </summary>
    private const string Bicubic = "f=bicubic:param_a=0:param_b=0.6";

    private const string Tagged = "setsar=1,setparams=field_mode=prog:range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709";

    /// <summary>All rungs from one decode: each is scaled from the one above, which costs less and is not seen.</summary>
    /// <param name="storyboard">Made of the lowest rung by the way; null = none is.</param>
    /// <param name="folder">Where files are written by the way.</param>
    /// <returns>A filter graph with outputs <c>v0</c>, <c>v1</c> … and <c>sheet</c>.</returns>
    public static string Ladder(SourceVideo video, IReadOnlyList<Rung> rungs, StoryboardLayout? storyboard, string folder)
    {
        var parts = new List<string> { $"[0:{Number(video.Index)}]{string.Join(',', [.. Timing(video), .. Normalized(video, rungs[0].Width, rungs[0].Height)])}[s0]" };
        for (var i = 0; i < rungs.Count - 1; i++)
        {
            var next = rungs[i + 1];
            parts.Add($"[s{Number(i)}]split=2[v{Number(i)}][t{Number(i)}]");
            parts.Add($"[t{Number(i)}]zscale=w={Number(next.Width)}:h={Number(next.Height)}:{Bicubic},setsar=1[s{Number(i + 1)}]");
        }

        var last = Number(rungs.Count - 1);
        parts.Add(storyboard is null ? $"[s{last}]null[v{last}]" : $"[s{last}]split=2[v{last}][t{last}];[t{last}]{storyboard.FiltersOfEncode(folder)}[sheet]");
        return string.Join(';', parts);
    }

    /// <summary>Turned by ffmpeg itself beforehand.</summary>
    public static IEnumerable<string> Normalized(SourceVideo video, int width, int height)
    {
        var size = $"{Number(width)}:{Number(height)}";
        if (video.IsHdr)
        {
            yield return $"scale={size}";
            // The file's own words on colour are often half there; the transfer is what was checked.
            yield return $"zscale=tin={video.ColorTransfer}:pin=bt2020:min=bt2020nc:rin=limited:t=linear:npl={WhiteNits}";
            yield return "format=gbrpf32le,zscale=p=bt709,tonemap=tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=limited";
        }
        else if (video.ColorPrimaries == "bt2020")
        {
            // One form for all, RGB too, and deep enough to turn once more.
            yield return $"scale={size}:in_color_matrix={Matrix(video)}:out_color_matrix=bt2020:out_range=tv,format=yuv420p10le";
            yield return "zscale=tin=bt709:pin=bt2020:min=bt2020nc:rin=limited:t=bt709:p=bt709:m=bt709:r=limited";
        }
        else if (video.PixelFormat == "yuv420p" && video.ColorRange is not "pc" && Matrix(video) == "bt709")
        {
            // Told of no colours, the filter hands on frames that have their size already, as the top rung's do, instead of copying each.
            yield return $"scale={size}";
        }
        else
        {
            yield return $"scale={size}:in_color_matrix={Matrix(video)}:out_color_matrix=bt709:out_range=tv";
        }

        yield return "format=yuv420p";
        yield return Tagged;
    }

    private static IEnumerable<string> Timing(SourceVideo video)
    {
        if (video.IsInterlaced)
        {
            yield return "bwdif=mode=send_frame:deint=interlaced";
        }

        // Half a frame: 59.94 and 60 are written in many ways.
        if (video.FrameRate > Encoding.Ladder.MaxFrameRate + 0.5 && Rational.Parse(video.RateFraction) is { } rate)
        {
            // 120 becomes 60 and 100 becomes 50: every n-th frame, which runs smoother than a rate that does not divide.
            var every = (int)Math.Ceiling(video.FrameRate / (Encoding.Ladder.MaxFrameRate + 0.5));
            yield return $"fps={Number(rate.Num)}/{Number(rate.Den * every)}";
        }

        if (video.Start > CopyCheck.StartTolerance)
        {
            // The first picture stands until the second: all tracks begin together. Less than that is taken off the sound.
            yield return @"setpts='if(eq(N\,0)\,0\,PTS)'";
        }
    }

    /// <summary>A file that does not say is taken as players take it: by its size.</summary>
    private static string Matrix(SourceVideo video) => video.ColorSpace switch
    {
        "bt709" => "bt709",
        "smpte170m" or "bt470bg" or "fcc" => "bt601",
        "smpte240m" => "smpte240m",
        "bt2020nc" or "bt2020c" => "bt2020",
        _ => Math.Min(video.Width, video.Height) >= 720 ? "bt709" : "bt601",
    };

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
