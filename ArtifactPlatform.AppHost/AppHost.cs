using Microsoft.Extensions.Configuration;

var builder = DistributedApplication.CreateBuilder(args);

// A value comes from the configuration ("Parameters:<name>", in the environment Parameters__postgres_password);
// when there is none it is generated once and kept. 43 letters and digits hold 256 random bits.
IResourceBuilder<ParameterResource> Secret(string name) => builder.AddParameter(
    name, new GenerateParameterDefault { MinLength = 43, Special = false }, secret: true, persist: true);

// The demo's key and password can be chosen under names that are easy to type.
const string apiKeyPrefix = "ak_live_";
if (builder.Configuration["DEMO_API_KEY"] is { } chosenKey && chosenKey.StartsWith(apiKeyPrefix, StringComparison.Ordinal))
{
    builder.Configuration["Parameters:demo-api-key"] = chosenKey[apiKeyPrefix.Length..];
}

if (builder.Configuration["DEMO_PASSWORD"] is { Length: > 0 } chosenPassword)
{
    builder.Configuration["Parameters:demo-password"] = chosenPassword;
}

var postgresPassword = Secret("postgres-password");
var redisPassword = Secret("redis-password");
var s3AccessKey = builder.AddParameter("s3-access-key", "artifactplatform");
var s3SecretKey = Secret("s3-secret-key");
var masterKey = Secret("master-key"); // encrypts secrets at rest
var eventsToken = Secret("events-token"); // the store's bucket notifications carry it
var demoApiKey = ReferenceExpression.Create($"{apiKeyPrefix}{Secret("demo-api-key")}");
var demoPassword = Secret("demo-password");

// Stores
var postgres = builder.AddPostgres("postgres", password: postgresPassword)
    .WithDataVolume("artifactplatform-postgres");
var db = postgres.AddDatabase("artifactdb", databaseName: "artifacts");

var redis = builder.AddRedis("redis", port: null, password: redisPassword)
    .WithDataVolume("artifactplatform-redis");

var minio = builder.AddContainer("minio", "minio/minio", "RELEASE.2025-09-07T16-13-09Z")
    .WithArgs("server", "/data", "--console-address", ":9001")
    .WithEnvironment("MINIO_ROOT_USER", s3AccessKey)
    .WithEnvironment("MINIO_ROOT_PASSWORD", s3SecretKey)
    .WithHttpEndpoint(targetPort: 9000, name: "http")
    .WithHttpEndpoint(targetPort: 9001, name: "console")
    .WithVolume("artifactplatform-minio", "/data")
    .WithHttpHealthCheck("/minio/health/live", endpointName: "http");

var s3Endpoint = minio.GetEndpoint("http");
var objectStore = builder.AddConnectionString("objectstore",
    ReferenceExpression.Create($"Endpoint={s3Endpoint};AccessKey={s3AccessKey};SecretKey={s3SecretKey}"));

// Where browsers and integrators reach the store: presigned URLs carry it. Set it where that is not the address which the services
// use, as behind a proxy or when the services reach the store by a name of their own network.
var s3PublicEndpoint = builder.Configuration["Storage:PublicEndpoint"] is { Length: > 0 } chosenEndpoint
    ? ReferenceExpression.Create($"{chosenEndpoint}")
    : ReferenceExpression.Create($"{s3Endpoint}");

// One-shot: the schema, the bucket with its rules, the demo company. Everything that reads or writes waits for its exit code 0.
var migrate = builder.AddProject<Projects.ArtifactPlatform_Api>("migrate", launchProfileName: null)
    .WithArgs("migrate")
    .WithReference(db)
    .WithReference(redis)
    .WithReference(objectStore)
    .WithEnvironment("Secrets__MasterKey", masterKey)
    .WithEnvironment("Storage__EventsToken", eventsToken)
    .WithEnvironment("Demo__ApiKey", demoApiKey)
    .WithEnvironment("Demo__Password", demoPassword)
    .WaitFor(db); // the schema goes up while the store still starts; migrate itself waits for that

// The garbage collector sizes its youngest generation by the processor's cache, hundreds of megabytes on some servers: more than a
// service needs in all. 16 MiB, which the runtime takes from the environment alone.
const string gen0Size = "0x1000000";

// Services
var api = builder.AddProject<Projects.ArtifactPlatform_Api>("api", launchProfileName: "http")
    .WithEndpoint("http", endpoint => endpoint.Port = builder.Configuration.GetValue("API_PORT", 8080))
    .WithReference(db)
    .WithReference(redis)
    .WithReference(objectStore)
    .WithEnvironment("Secrets__MasterKey", masterKey)
    .WithEnvironment("Storage__EventsToken", eventsToken)
    .WithEnvironment("Storage__PublicEndpoint", s3PublicEndpoint)
    .WithEnvironment("DOTNET_GCgen0size", gen0Size)
    .WaitFor(redis)
    .WaitFor(minio)
    .WaitForCompletion(migrate)
    .WithHttpHealthCheck("/health");

// Where the store pushes its bucket notifications.
var eventsUrl = ReferenceExpression.Create($"{api.GetEndpoint("http")}/internal/s3-events");
migrate.WithEnvironment("Storage__EventsUrl", eventsUrl);
api.WithEnvironment("Storage__EventsUrl", eventsUrl);

// Where players and browsers reach the Api: the addresses in video objects begin with it. Set it behind a proxy.
var publicUrl = builder.Configuration["Playback:PublicUrl"] is { Length: > 0 } chosenUrl
    ? ReferenceExpression.Create($"{chosenUrl}")
    : ReferenceExpression.Create($"{api.GetEndpoint("http")}");
api.WithEnvironment("Playback__PublicUrl", publicUrl);

builder.AddProject<Projects.ArtifactPlatform_Worker>("worker", launchProfileName: "http")
    .WithReference(db)
    .WithReference(redis)
    .WithReference(objectStore)
    .WithEnvironment("Secrets__MasterKey", masterKey)
    .WithEnvironment("Storage__EventsToken", eventsToken)
    .WithEnvironment("Storage__EventsUrl", eventsUrl)
    .WithEnvironment("Storage__PublicEndpoint", s3PublicEndpoint)
    .WithEnvironment("Playback__PublicUrl", publicUrl)
    .WithEnvironment("DOTNET_GCgen0size", gen0Size)
    .WaitFor(redis)
    .WaitFor(minio)
    .WaitForCompletion(migrate)
    .WithHttpHealthCheck("/health");

var web = builder.AddProject<Projects.ArtifactPlatform_Web>("web", launchProfileName: "http")
    .WithEndpoint("http", endpoint => endpoint.Port = builder.Configuration.GetValue("WEB_PORT", 8081))
    .WithExternalHttpEndpoints()
    .WithReference(api)
    .WithEnvironment("Web__UploadOrigins__0", s3PublicEndpoint)
    .WithEnvironment("Web__MediaOrigins__0", publicUrl)
    .WithEnvironment("Web__MediaOrigins__1", s3PublicEndpoint)
    .WithEnvironment("DOTNET_GCgen0size", gen0Size)
    .WithHttpHealthCheck("/health");

// Where the dashboard keeps the keys of its sign-in cookies; unset, ASP.NET Core's own default holds.
if (builder.Configuration["Web:KeysPath"] is { Length: > 0 } keysPath)
{
    web.WithEnvironment("Web__KeysPath", keysPath);
}

if (builder.ExecutionContext.IsPublishMode)
{
    builder.AddDockerComposeEnvironment("compose");
}

builder.Build().Run();
