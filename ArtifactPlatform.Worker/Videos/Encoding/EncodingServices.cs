namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Registers everything that makes a source playable.</summary>
public static class EncodingServices
{
    /// <summary>Needs <see cref="Media.MediaServices.AddMedia"/>.</summary>
    public static IServiceCollection AddVideoEncoding(this IServiceCollection services) => services
        .AddSingleton<SourceRun>()
        .AddSingleton<InspectSource>()
        .AddSingleton<CopyCheck>()
        .AddSingleton<PackageVideo>()
        .AddSingleton<Mp4Remuxer>()
        .AddSingleton<Pictures>()
        .AddSingleton<Waveform>()
        .AddSingleton<FinishPackage>();
}
