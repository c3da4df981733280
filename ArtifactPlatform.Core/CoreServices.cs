using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Requests;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Storage.Doctor;
using ArtifactPlatform.Core.Uploads;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Activity = System.Diagnostics.Activity;

namespace ArtifactPlatform.Core;

/// <summary>Registers what the Api and the Worker share.</summary>
public static class CoreServices
{
    public static IServiceCollection AddPlatformCore(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddHttpClient();
        services.AddSingleton<GuardCommits>();
        services.AddPooledDbContextFactory<PlatformDb>((provider, options) => options
            .UseNpgsql(configuration.RequiredDatabase(), database => database.ConfigureDataSource(source => source.ConfigureTracing(tracing => tracing
                // Upkeep looks for work all day: only what belongs to a request or a job is worth a span.
                .ConfigureCommandFilter(_ => Activity.Current is not null)
                .EnablePhysicalOpenTracing(false))))
            .UseSnakeCaseNamingConvention()
            // It is thrown as well: who catches it tells what failed. Here it would be an error without a subject, even where only a caller has gone.
            .ConfigureWarnings(warnings => warnings.Log((RelationalEventId.TransactionError, LogLevel.Debug)))
            .AddInterceptors(provider.GetRequiredService<GuardCommits>(), UseTransactions.Instance));
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContext());
        services.AddSingleton<Migrator>();

        services.AddOptions<StorageOptions>().BindConfiguration("Storage").ValidateDataAnnotations().ValidateOnStart();
        services.PostConfigure<StorageOptions>(options => options.Address = StoreAddress.From(configuration));
        services.AddOptions<IngestOptions>().BindConfiguration("Ingest").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ObjectStore>();
        services.AddSingleton<ObjectWriter>();
        services.AddSingleton<ObjectCopier>();
        services.AddSingleton<BucketNotifications>();
        services.AddSingleton<BucketSetup>();
        services.AddSingleton<StorageDoctor>();

        services.AddSingleton<RedisConnection>();
        services.AddSingleton<JobStream>();
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

        services.AddSingleton<KeyRing>();
        services.AddSingleton<MasterKeyEncryptor>();
        services.AddSingleton<SecretBox>();
        services.AddDataProtection().SetApplicationName("artifact-platform");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(provider => new ConfigureOptions<KeyManagementOptions>(options =>
        {
            options.XmlRepository = provider.GetRequiredService<KeyRing>();
            options.XmlEncryptor = provider.GetRequiredService<MasterKeyEncryptor>();
        }));
        return services;
    }
}
