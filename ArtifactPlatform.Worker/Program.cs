using ArtifactPlatform.Core;
using ArtifactPlatform.ServiceDefaults;
using ArtifactPlatform.Worker.Artifacts;
using ArtifactPlatform.Worker.Docks;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Queue;
using ArtifactPlatform.Worker.Upkeep;
using ArtifactPlatform.Worker.Upkeep.Reconciling;
using ArtifactPlatform.Worker.Uploads;
using ArtifactPlatform.Worker.Videos;
using ArtifactPlatform.Worker.Videos.Encoding;
using ArtifactPlatform.Worker.Webhooks;

return await StartUp.RunAsync(() =>
{
    var builder = WebApplication.CreateBuilder(args);
    var scratch = Scratch.Open(builder.Configuration);
    builder.AddServiceDefaults();
    builder.AddPlatformCore();

    // Queue
    builder.Services.AddOptions<WorkerOptions>().BindConfiguration("Worker").ValidateDataAnnotations().ValidateOnStart();
    builder.Services.AddOptions<HostOptions>().Configure<Microsoft.Extensions.Options.IOptions<WorkerOptions>>((host, worker) =>
        // The drain, and a moment to hand back what is left.
        host.ShutdownTimeout = worker.Value.Drain + TimeSpan.FromSeconds(5));
    builder.Services.AddSingleton<JobLeases>();
    builder.Services.AddSingleton<JobMetrics>();
    builder.Services.AddSingleton<JobRunner>();
    builder.Services.AddSingleton<JobSlots>();
    builder.Services.AddHostedService<JobPump>();
    builder.Services.AddHostedService<JobSweeper>();

    // Media
    builder.Services.AddMedia();
    builder.Services.AddHostedService<RequireTools>();

    // Artifacts
    builder.Services.AddSingleton(scratch);
    builder.Services.AddSingleton<UrlSource>();
    builder.Services.AddSingleton<CustomerBuckets>();
    builder.Services.AddSingleton<SourceReader>();
    builder.Services.AddSingleton<JoinFragments>();
    builder.Services.AddSingleton<ReserveSpace>();
    builder.Services.AddSingleton<FetchArtifact>();
    builder.Services.AddSingleton<CheckFile>();
    builder.Services.AddSingleton<JobHandler, IngestArtifact>();
    builder.Services.AddSingleton<JobHandler, DeleteObjects>();
    builder.Services.AddHostedService<SweepUploads>();
    builder.Services.AddHostedService<ExpireArtifacts>();

    // Docks
    builder.Services.AddSingleton<ReadDeposit>();
    builder.Services.AddSingleton<SettleDeposit>();
    builder.Services.AddSingleton<JobHandler, TakeDeposit>();
    builder.Services.AddHostedService<SweepDeposits>();

    // Uploads
    builder.Services.AddHostedService<ExpireUploads>();

    // Videos
    builder.Services.AddVideoEncoding();
    builder.Services.AddSingleton<PublishPackage>();
    builder.Services.AddSingleton<SourceFacts>();
    builder.Services.AddSingleton<PreviewVideo>();
    builder.Services.AddSingleton<JobHandler, ProcessVideo>();
    builder.Services.AddSingleton<JobHandler, DeletePackage>();
    builder.Services.AddSingleton<JobHandler, TakeThumbnail>();

    // Webhooks
    builder.Services.AddSingleton<FanOutEvents>();
    builder.Services.AddSingleton<DeliveryLeases>();
    builder.Services.AddSingleton<SendWebhook>();
    builder.Services.AddSingleton<RunLane>();
    builder.Services.AddHostedService<WebhookPump>();

    // Upkeep
    builder.Services.AddSingleton<PruneEvents>();
    builder.Services.AddSingleton<PruneFailedUploads>();
    builder.Services.AddHostedService<PruneRows>();
    builder.Services.AddOptions<ReconcileOptions>().BindConfiguration("Reconcile").ValidateDataAnnotations().ValidateOnStart();
    builder.Services.AddSingleton<ReconcileMetrics>();
    builder.Services.AddSingleton<PassLease>();
    builder.Services.AddSingleton<ReconcilePage>();
    builder.Services.AddHostedService<ReconcileStorage>();

    var app = builder.Build();
    app.MapDefaultEndpoints();
    return app.RunCheckedAsync();
});
