namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What is made of a source: every track is a file of its own.</summary>
/// <param name="CopyVideo">The picture is packaged as it is, in its one size; otherwise every rung is encoded.</param>
/// <param name="Rungs">Highest first; the one of the source itself when it is copied; empty for sound alone.</param>
/// <param name="Audio">The default first.</param>
public sealed record PackagePlan(VideoSource Source, bool CopyVideo, IReadOnlyList<Rung> Rungs, IReadOnlyList<AudioPlan> Audio)
{
    /// <summary>Tracks of sound: a film has its original and a few dubs.</summary>
    public const int MaxAudio = 8;

    /// <summary>Nothing is decoded: it takes as long as the bytes take to move.</summary>
    public bool IsCopy => (CopyVideo || Rungs.Count == 0) && Audio.All(track => track.Copy);

    /// <summary>
    /// Where the picture's size changes on the way, ffmpeg begins its filters anew, and what they have gathered for a storyboard is lost.
    /// They can stay where the first of them takes every size, which one that turns or deinterlaces does not.
    /// </summary>
    internal bool GraphStands => !CopyVideo && Source.Video is { IsTurned: false, IsInterlaced: false };

    /// <summary>
    /// The storyboard that the encode makes by the way; null when the picture is copied, its length not known beforehand, or the filters
    /// might begin anew, which files that keep a stream's parameters in one place have no cause for.
    /// </summary>
    internal StoryboardLayout? Sheet =>
        !CopyVideo && (GraphStands || Source.Container == "mov") && Rungs is [.., var lowest] && (Source.Video?.Duration ?? Source.Duration) is { } seconds ? StoryboardLayout.OfEncode(seconds, lowest.Width, lowest.Height) : null;

    /// <param name="source">What was found.</param>
    /// <param name="quality">See <see cref="Ladder.For"/>.</param>
    /// <param name="reasons">Streams that are not named here are copied.</param>
    public static PackagePlan Of(VideoSource source, string? quality, IReadOnlyList<CopyReason> reasons)
    {
        ArgumentNullException.ThrowIfNull(source);
        var encoded = reasons.Select(reason => reason.Index).ToHashSet();
        var video = source.Video;
        var copyVideo = video is not null && !encoded.Contains(video.Index);
        IReadOnlyList<Rung> rungs = video switch
        {
            null => [],
            _ when copyVideo => [new(Math.Min(video.Width, video.Height), video.Width, video.Height, (int)((video.BitRate ?? 0) / 1000))],
            _ => Ladder.For(video.Width, video.Height, video.FrameRate, quality),
        };
        return new(source, copyVideo, rungs, [.. source.Audio.Take(MaxAudio).Select((audio, at) => new AudioPlan(at, audio, !encoded.Contains(audio.Index)))]);
    }

    public static string VideoFile(Rung rung) => FormattableString.Invariant($"video-{rung.Name}.mp4");
}

/// <param name="Number">From 0, in the package's order.</param>
/// <param name="Copy">Packaged as it is.</param>
public sealed record AudioPlan(int Number, SourceAudio Stream, bool Copy)
{
    public string File => FormattableString.Invariant($"audio-{Number}.mp4");

    /// <summary>Mono stays mono; what is more than stereo is mixed down to it.</summary>
    public int Channels => Copy ? Stream.Channels : Math.Min(Stream.Channels, 2);

    /// <summary>Hertz.</summary>
    public int SampleRate => Copy || Stream.SampleRate is 44100 or 48000 ? Stream.SampleRate : 48000;

    public int Kbps => Channels == 1 ? 80 : 128;
}
