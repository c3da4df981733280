using ArtifactPlatform.Worker.Ffmpeg;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Registers everything that looks at media or changes it.</summary>
public static class MediaServices
{
    /// <summary>Needs <c>AddHttpClient</c> and a <see cref="TimeProvider"/>, which the platform's core brings.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services)
    {
        services.AddOptions<FfmpegOptions>().BindConfiguration(FfmpegOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MediaProcess>();
        services.AddSingleton<ToolCheck>();
        services.AddSingleton(provider => new RangeReader(provider.GetRequiredService<IHttpClientFactory>(), provider.GetRequiredService<IOptions<FfmpegOptions>>().Value));
        services.AddSingleton<ReadMedia>();
        services.AddSingleton<MediaProbe>();
        services.AddSingleton<FragmentJoiner>();
        return services;
    }
}
