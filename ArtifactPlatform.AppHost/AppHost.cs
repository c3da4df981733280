using ArtifactPlatform.AppHost.Hosting;
using ArtifactPlatform.AppHost.Hosting.Native;

try
{
    var host = HostSettings.Read(args);
    var builder = DistributedApplication.CreateBuilder(host.Options).AddPlatformHost(host);
    var native = !StoreContainers.AreWanted(builder);

    // Secrets
    var postgresPassword = builder.AddSecret(host, "postgres-password");
    var databasePassword = builder.AddSecret(host, "database-password");
    var redisPassword = builder.AddSecret(host, "redis-password");
    var s3AccessKey = builder.AddParameter("s3-access-key", "artifactplatform");
    var s3SecretKey = builder.AddSecret(host, "s3-secret-key");
    var masterKey = builder.AddSecret(host, "master-key");
    var eventsToken = builder.AddSecret(host, "events-token");
    var demoApiKey = ReferenceExpression.Create($"ak_live_{builder.AddSecret(host, "demo-api-key")}");
    var demoPassword = builder.AddSecret(host, "demo-password");

    // Stores
    IResourceBuilder<IResourceWithConnectionString> postgres = native
        ? builder.AddNativePostgres("postgres", host.Data!.PathOf("postgres"), postgresPassword, host.Ports!.Next())
        : builder.AddPostgres("postgres", password: postgresPassword).WithDataVolume(host.Volume("postgres"));
    var database = postgres.AddOwnedDatabase("artifactdb", "artifacts", databasePassword);

    IResourceBuilder<IResourceWithConnectionString> redis = native
        ? builder.AddNativeRedis("redis", host.Data!.Sub("redis"), redisPassword, host.Ports!.Next())
        : builder.AddRedis("redis", port: null, password: redisPassword).WithDataVolume(host.Volume("redis"));

    IResourceBuilder<IResourceWithEndpoints> store = native
        ? builder.AddNativeObjectStore("minio", host.Data!.Sub("minio"), s3AccessKey, s3SecretKey, host.Ports!)
        : builder.AddMinioContainer("minio", s3AccessKey, s3SecretKey, host.Volume("minio"), host.Ports?.Next());
    var storeUrl = store.GetEndpoint("http");
    var objectStore = builder.AddConnectionString("objectstore", ReferenceExpression.Create($"Endpoint={storeUrl};AccessKey={s3AccessKey};SecretKey={s3SecretKey}"));

    // Services
    var migrate = builder.AddProject<Projects.ArtifactPlatform_Api>("migrate", launchProfileName: null);
    var api = builder.AddProject<Projects.ArtifactPlatform_Api>("api", launchProfileName: null);
    var worker = builder.AddProject<Projects.ArtifactPlatform_Worker>("worker", launchProfileName: null);
    var web = builder.AddProject<Projects.ArtifactPlatform_Web>("web", launchProfileName: null);
    var settings = new PlatformSettings(database, redis, objectStore, masterKey, eventsToken, storeUrl, api.GetEndpoint("http"), builder.Configuration);

    migrate
        .WithArgs("migrate")
        .WithPlatformSettings(settings)
        .WithEnvironment("Demo__ApiKey", demoApiKey)
        .WithEnvironment("Demo__Password", demoPassword)
        .WaitFor(database);

    api
        .WithHttp(host.Port("API_PORT", 8080), host.Replicas("API_REPLICAS"))
        .WithPlatformSettings(settings)
        .WithApiCommands()
        .WaitFor(redis)
        .WaitFor(store)
        .WaitForCompletion(migrate);

    worker
        .WithHttp(port: null, host.Replicas("WORKER_REPLICAS"))
        .WithPlatformSettings(settings)
        .WithSetting("Worker:ScratchPath")
        .WithSetting("Worker:Drain")
        .WaitFor(redis)
        .WaitFor(store)
        .WaitForCompletion(migrate);

    web
        .WithHttp(host.Port("WEB_PORT", 8081), host.Replicas("WEB_REPLICAS"))
        .WithExternalHttpEndpoints()
        .WithReference(api)
        .WithEnvironment("Web__UploadOrigins__0", settings.StorePublicUrl)
        .WithEnvironment("Web__MediaOrigins__0", settings.ApiPublicUrl)
        .WithEnvironment("Web__MediaOrigins__1", settings.StorePublicUrl)
        .WithSetting("Web:KeysPath")
        .AsService()
        .WaitFor(api);

    return builder.Build().RunToExitCode();
}
catch (CannotStartException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
