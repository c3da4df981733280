using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Videos.Encoding;

/// <summary>The encoding parts of the worker, wired as in the worker.</summary>
internal static class VideoStack
{
    public static SourceRun Runs { get; } = new(MediaStack.Process, MediaStack.Media);

    public static CopyCheck Copies { get; } = new(Runs);

    public static PackageVideo Packager { get; } = new(Runs, Copies);

    public static Pictures Pictures { get; } = new(MediaStack.Process);

    public static FinishPackage Finisher { get; } = new(new Mp4Remuxer(MediaStack.Process), Pictures, new Waveform(MediaStack.Process));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<VideoSource> InspectAsync(string path) => new InspectSource(MediaStack.Media).RunAsync(ProbeInput.FromFile(path), Ct);

    public static async Task<IReadOnlyList<string>> ReasonsAsync(string path, string? quality = null) =>
        [.. (await Copies.RunAsync(await InspectAsync(path), quality, Ct)).Select(reason => reason.ToString())];

    public static async Task<Made> MakeAsync(string path, string? quality = null, Action<double>? progress = null)
    {
        var folder = TestMedia.NewFolder();
        var result = await Packager.RunAsync(await InspectAsync(path), quality, folder, progress, Ct);
        return new(folder, result);
    }

    public static async Task<Made> FinishAsync(Made made) =>
        made with { Result = made.Result with { Package = await Finisher.RunAsync(made.Package, made.Folder, Ct) } };
}
