namespace ArtifactPlatform.Web.Artifacts;

public static class ArtifactsSetup
{
    /// <summary>What the artifact pages of one circuit share.</summary>
    public static IServiceCollection AddArtifactPages(this IServiceCollection services)
    {
        services.AddScoped<UploadQueue>();
        return services;
    }
}
