using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Tests.Unit.Media;

/// <summary>Reads media on a machine without ffmpeg and ffprobe: a test that starts one of them fails.</summary>
internal static class WithoutPrograms
{
    private static readonly MediaProcess Missing = new(Options.Create(new FfmpegOptions { FfmpegPath = "/nowhere/ffmpeg", FfprobePath = "/nowhere/ffprobe" }), TimeProvider.System);

    public static ReadMedia Media { get; } = new(
        Missing, new RangeReader(new ServiceCollection().AddHttpClient().BuildServiceProvider().GetRequiredService<IHttpClientFactory>(), Missing.Options));

    /// <summary>Reads <paramref name="content"/> from a file and expects it to be rejected.</summary>
    public static async Task<MediaRejectedException> RejectedAsync(string name, byte[] content, Func<ProbeInput, Task> read)
    {
        var folder = Directory.CreateTempSubdirectory("unit-media-");
        try
        {
            var path = Path.Combine(folder.FullName, name);
            await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);
            return await Assert.ThrowsAsync<MediaRejectedException>(() => read(ProbeInput.FromFile(path)));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
