using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using Microsoft.Extensions.DependencyInjection;

namespace ArtifactPlatform.Tests.Media;

/// <summary>The media parts of the worker, wired as in the worker.</summary>
internal static class MediaStack
{
    private static readonly IHttpClientFactory Clients = new ServiceCollection().AddHttpClient().BuildServiceProvider().GetRequiredService<IHttpClientFactory>();

    public static MediaProcess Process => TestMedia.Process;

    public static ReadMedia Media { get; } = new(Process, new RangeReader(Clients, Process.Options));

    public static MediaProbe Probe { get; } = new(Media);

    public static FragmentJoiner Joiner { get; } = new(Media, Process);

    public static Task<ProbeResult> ProbeAsync(string path, ArtifactType type) => Probe.ProbeAsync(ProbeInput.FromFile(path), type, TestContext.Current.CancellationToken);

    public static async Task<MediaRejectedException> RejectedAsync(string path, ArtifactType type) =>
        await Assert.ThrowsAsync<MediaRejectedException>(() => ProbeAsync(path, type));
}
