using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos.Encoding;

/// <summary>The encoding parts of the worker, wired as in the worker.</summary>
internal static class VideoStack
{
    public static SourceRun Runs { get; } = new(MediaStack.Process, MediaStack.Media);

    public static CopyCheck Copies { get; } = new(Runs);

    public static PackageVideo Packager { get; } = new(Runs);

    public static Pictures Pictures { get; } = new(MediaStack.Process);

    public static FinishPackage Finisher { get; } = new(new Mp4Remuxer(MediaStack.Process), Pictures, new Waveform(MediaStack.Process));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<VideoSource> InspectAsync(string path) => new InspectSource(MediaStack.Media).RunAsync(ProbeInput.FromFile(path), Ct);

    public static async Task<IReadOnlyList<string>> ReasonsAsync(string path, string? quality = null) =>
        [.. (await CheckAsync(await InspectAsync(path), quality)).Select(reason => reason.ToString())];

    /// <summary>Copies what can be copied, and encodes the rest.</summary>
    public static async Task<Made> MakeAsync(string path, string? quality = null, Action<double>? progress = null)
    {
        var folder = TestMedia.NewFolder();
        var source = await InspectAsync(path);
        var reasons = await CheckAsync(source, quality);
        var made = await Packager.MakeAsync(PackagePlan.Of(source, quality, reasons), folder, progress, Ct);
        if (made.Plan.CopyVideo && made.Misfit(source) is { } misfit)
        {
            reasons = [new("video", source.Video!.Index, misfit), .. reasons];
            made = await Packager.MakeAsync(PackagePlan.Of(source, quality, reasons), folder, progress, Ct);
        }

        return new(folder, made.ToPackage(), reasons);
    }

    /// <summary>As the ladder is made: the picture is encoded in any case.</summary>
    public static async Task<Made> LadderAsync(string path)
    {
        var folder = TestMedia.NewFolder();
        var source = await InspectAsync(path);
        IReadOnlyList<CopyReason> reasons = [new("video", source.Video!.Index, "ladder"), .. CopyCheck.FromHeaders(source, null)];
        var made = await Packager.MakeAsync(PackagePlan.Of(source, null, reasons), folder, null, Ct);
        return new(folder, made.ToPackage(), reasons);
    }

    public static async Task<Made> FinishAsync(Made made) =>
        made with { Package = await Finisher.RunAsync(made.Package, made.Folder, (_, _) => Task.CompletedTask, Ct) };

    private static async Task<IReadOnlyList<CopyReason>> CheckAsync(VideoSource source, string? quality)
    {
        var reasons = CopyCheck.FromHeaders(source, quality);
        return source.Video is { } video && !reasons.Any(reason => reason.Index == video.Index)
            ? [.. await Copies.FromPacketsAsync(source, video, Ct), .. reasons]
            : reasons;
    }
}
