using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Health;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Storage.Doctor;
using ArtifactPlatform.Core.Uploads;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Core;

/// <summary>Registers what the Api and the Worker share.</summary>
public static class CoreServices
{
    public static void AddPlatformCore(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.AddSingleton<IValidateOptions<RequiredSettings.Marker>, RequiredSettings.Check>();
        services.AddOptions<RequiredSettings.Marker>().ValidateOnStart();
        services.AddSingleton(TimeProvider.System);
        services.AddHttpClient();
        builder.AddPlatformDatabase();
        builder.AddPlatformRedis();
        services.AddDependencyChecks();
        services.AddKeyRing();

        services.AddOptions<StorageOptions>().BindConfiguration("Storage").ValidateDataAnnotations().ValidateOnStart();
        services.PostConfigure<StorageOptions>(options => options.Address = StoreAddress.From(builder.Configuration));
        services.AddOptions<IngestOptions>().BindConfiguration("Ingest").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ObjectStore>();
        services.AddSingleton<ObjectWriter>();
        services.AddSingleton<ObjectCopier>();
        services.AddSingleton<BucketNotifications>();
        services.AddSingleton<BucketSetup>();
        services.AddSingleton<StorageDoctor>();

        services.AddSingleton<EventLog>();
        services.AddSingleton<EventNudge>();
        services.AddSingleton<ArtifactLog>();
        services.AddSingleton<UploadNotice>();
        services.AddSingleton<DeletedArtifacts>();
        services.AddSingleton<AbortedUploads>();

        services.AddOptions<PlaybackOptions>().BindConfiguration("Playback").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<PlaybackUrls>();
        services.AddSingleton<VideoLog>();
        services.AddSingleton<VideosOfArtifact>();
        services.AddSingleton<MultipartUploads>();

        services.AddOptions<WebhookOptions>().BindConfiguration("Webhooks").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<QuotaOptions>().BindConfiguration("Quotas").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<Quota>();
    }
}
