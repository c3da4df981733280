using ArtifactPlatform.Core.Videos;

namespace ArtifactPlatform.Worker.Videos.Encoding;

internal sealed record MadeSound(AudioPlan Plan, CmafFile File);

/// <summary>The files of a run, read back.</summary>
/// <param name="Video">As the plan's rungs.</param>
internal sealed record MadeTracks(PackagePlan Plan, IReadOnlyList<CmafFile> Video, IReadOnlyList<MadeSound> Audio)
{
    /// <summary>Of the longest track, as shown.</summary>
    public double Seconds => Video.Concat(Audio.Select(sound => sound.File)).Max(file => file.Seconds);

    /// <summary>What a copied picture turned out to be that nobody should get; null when all is well.</summary>
    public string? Misfit(VideoSource source)
    {
        const double Tolerance = 0.5;
        var file = Video[0];
        return !file.StartsWithSync ? "it does not start with a keyframe"
            : file.Segments.Max(segment => segment.Seconds) > CopyCheck.MaxKeyframeGap + PackageArguments.SegmentSeconds ? FormattableString.Invariant($"its keyframes are more than {CopyCheck.MaxKeyframeGap} s apart")
            : source.Video?.Duration is { } told && Math.Abs(told - file.Seconds) > Tolerance ? "an edit list changes its length"
            : null;
    }

    public VideoPackage ToPackage() => new()
    {
        Duration = Seconds,
        Video = [.. Plan.Rungs.Zip(Video, Rendition)],
        Audio = Sounds(),
        Storyboard = Plan.Sheet?.Fitted(Video[^1].Seconds),
    };

    private VideoRendition Rendition(Rung rung, CmafFile file)
    {
        var track = file.ToTrack(PackagePlan.VideoFile(rung));
        var target = Plan.CopyVideo ? (int)(track.AverageBitsPerSecond / 1000) : rung.Kbps;
        return new(track, rung.Width, rung.Height, rung.Name, Math.Round(Rate(file), 3), target);
    }

    /// <summary>What the source says, where that was not changed: a first frame that is held longer makes the average lower.</summary>
    private double Rate(CmafFile file)
    {
        const double Tolerance = 0.02;
        var average = file.Samples / Math.Max(file.Seconds, 0.001);
        return Plan.Source.Video is { IsVariableRate: false, FrameRate: var told } && Math.Abs(average - told) <= told * Tolerance ? told : average;
    }

    private List<AudioRendition> Sounds()
    {
        List<AudioRendition> made = [];
        foreach (var sound in Audio)
        {
            var stream = sound.Plan.Stream;
            var name = Languages.Clean(stream.Title) ?? Languages.Name(stream.Language) ?? "Audio";
            var distinct = name;
            for (var again = 2; made.Any(other => other.Name.Equals(distinct, StringComparison.OrdinalIgnoreCase)); again++)
            {
                distinct = FormattableString.Invariant($"{name} {again}");
            }

            made.Add(new(sound.File.ToTrack(sound.Plan.File), Languages.Tag(stream.Language), distinct, made.Count == 0, sound.Plan.Channels, sound.Plan.SampleRate));
        }

        return made;
    }
}
