using System.Diagnostics;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>The graph with containers, which can be described where no engine runs: its published manifest, and what a manifest leaves out.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class ManifestTests
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_stores_are_containers_with_their_images_volumes_and_endpoints()
    {
        var resources = await PublishAsync();

        Assert.Equal("docker.io/library/postgres:18.3", Text(resources, "postgres", "image"));
        Assert.Equal("docker.io/library/redis:8.6", Text(resources, "redis", "image"));
        Assert.Equal(["-c", "redis-server --requirepass $REDIS_PASSWORD --save 60 1"], Arguments(resources, "redis"));
        Assert.Equal("quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z", Text(resources, "minio", "image"));
        Assert.Equal(["server", "/data", "--console-address", ":9001"], Arguments(resources, "minio"));
        Assert.Equal("{s3-access-key.value}", Text(resources, "minio", "env", "MINIO_ROOT_USER"));
        Assert.Equal("{s3-secret-key.value}", Text(resources, "minio", "env", "MINIO_ROOT_PASSWORD"));
        Assert.Equal("{postgres-password.value}", Text(resources, "postgres", "env", "POSTGRES_PASSWORD"));
        Assert.Equal("{redis-password.value}", Text(resources, "redis", "env", "REDIS_PASSWORD"));
        Assert.Equal(("artifactplatform-postgres", "/var/lib/postgresql"), Volume(resources, "postgres"));
        Assert.Equal(("artifactplatform-redis", "/data"), Volume(resources, "redis"));
        Assert.Equal(("artifactplatform-minio", "/data"), Volume(resources, "minio"));
        Assert.Equal((5432, 6379, 9000, 9001), (Port(resources, "postgres", "tcp"), Port(resources, "redis", "tcp"), Port(resources, "minio", "http"), Port(resources, "minio", "console")));
    }

    [Fact]
    public async Task The_services_get_their_stores_and_secrets_by_reference()
    {
        var resources = await PublishAsync();

        Assert.Equal(
            "Host={postgres.bindings.tcp.host};Port={postgres.bindings.tcp.port};Username=artifacts;Password={database-password.value};Database=artifacts",
            Text(resources, "artifactdb", "connectionString"));
        Assert.Equal("Endpoint={minio.bindings.http.url};AccessKey={s3-access-key.value};SecretKey={s3-secret-key.value}", Text(resources, "objectstore", "connectionString"));
        foreach (var service in new[] { "migrate", "api", "worker" })
        {
            Assert.Equal("{artifactdb.connectionString}", Text(resources, service, "env", "ConnectionStrings__artifactdb"));
            Assert.Equal("{redis.connectionString}", Text(resources, service, "env", "ConnectionStrings__redis"));
            Assert.Equal("{objectstore.connectionString}", Text(resources, service, "env", "ConnectionStrings__objectstore"));
            Assert.Equal("{master-key.value}", Text(resources, service, "env", "Secrets__MasterKey"));
        }

        Assert.Equal("ak_live_{demo-api-key.value}", Text(resources, "migrate", "env", "Demo__ApiKey"));
        Assert.Equal("{api.bindings.http.url}", Text(resources, "web", "env", "services__api__http__0"));
        Assert.True(resources.GetProperty("web").GetProperty("bindings").GetProperty("http").GetProperty("external").GetBoolean());
        Assert.DoesNotContain(resources.EnumerateObject(), resource => resource.Value.TryGetProperty("error", out _));
    }

    /// <summary>Nothing runs on the machine that publishes.</summary>
    [Theory]
    [InlineData("native")]
    [InlineData("containers")]
    public async Task Which_stores_this_machine_would_use_makes_no_difference(string stores) =>
        Assert.Equal("quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z", Text(await PublishAsync(("STORES", stores)), "minio", "image"));

    [Fact]
    public async Task The_image_of_the_object_store_is_a_setting() =>
        Assert.Equal("registry.example.com/minio:1", Text(await PublishAsync(("OBJECT_STORE_IMAGE", "registry.example.com/minio:1")), "minio", "image"));

    [Fact]
    public async Task Every_store_and_service_has_a_health_check_and_waits_for_what_it_uses()
    {
        using var folder = new HostFolder();
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ArtifactPlatform_AppHost>([$"DATA_DIR={folder.Data}", "API_PORT=0", "WEB_PORT=0", "STORES=containers"], ct);
        await using (await builder.BuildAsync(ct))
        {
            var resources = builder.Resources.ToDictionary(resource => resource.Name);
            Assert.All(["postgres", "redis", "minio", "api", "worker", "web"], name => Assert.NotEmpty(resources[name].Annotations.OfType<HealthCheckAnnotation>()));
            Assert.All(["postgres", "redis", "minio"], name => Assert.IsAssignableFrom<ContainerResource>(resources[name]));
            Assert.Equal(["postgres", "artifactdb"], WaitsOf("migrate"));
            Assert.Equal(["redis", "minio", "migrate"], WaitsOf("api"));
            Assert.Equal(["redis", "minio", "migrate"], WaitsOf("worker"));
            Assert.Equal(["api"], WaitsOf("web"));
            // The containers' passwords are in the data folder, so its volumes are its own, too.
            var volumes = new[] { "postgres", "redis", "minio" }.Select(name => (name, Assert.Single(resources[name].Annotations.OfType<ContainerMountAnnotation>()).Source)).ToList();
            Assert.All(volumes, volume => Assert.Matches($"^artifactplatform-{volume.name}-[0-9a-f]{{16}}$", volume.Source));
            // Presigned URLs stay valid over a restart.
            Assert.NotNull(resources["minio"].Annotations.OfType<EndpointAnnotation>().Single(endpoint => endpoint.Name == "http").Port);

            IEnumerable<string> WaitsOf(string name) => resources[name].Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource.Name);
            Assert.Equal(resources["postgres"], Assert.IsAssignableFrom<IResourceWithParent>(resources["artifactdb"]).Parent);
        }
    }

    private async Task<JsonElement> PublishAsync(params (string Name, string Value)[] environment)
    {
        using var folder = new HostFolder();
        var start = new ProcessStartInfo(RunningHost.Program, ["--operation", "publish", "--step", "publish-manifest", "--output-path", folder.Root]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DATA_DIR"] = folder.Data;
        start.Environment.Remove("STORES");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var host = Process.Start(start)!;
        var output = await Task.WhenAll(host.StandardOutput.ReadToEndAsync(ct), host.StandardError.ReadToEndAsync(ct));
        await host.WaitForExitAsync(ct);
        Assert.True(host.ExitCode == 0, string.Concat(output));
        Assert.False(Directory.Exists(folder.Data)); // Publishing keeps nothing.
        return JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder.Root, "aspire-manifest.json"), ct)).RootElement.GetProperty("resources");
    }

    private static IEnumerable<string?> Arguments(JsonElement resources, string name) => resources.GetProperty(name).GetProperty("args").EnumerateArray().Select(argument => argument.GetString());

    private static string Text(JsonElement resources, params string[] path) => path.Aggregate(resources, (element, name) => element.GetProperty(name)).GetString() ?? "";

    private static (string?, string?) Volume(JsonElement resources, string name) =>
        Assert.Single(resources.GetProperty(name).GetProperty("volumes").EnumerateArray()) is var volume ? (volume.GetProperty("name").GetString(), volume.GetProperty("target").GetString()) : default;

    private static int Port(JsonElement resources, string name, string binding) => resources.GetProperty(name).GetProperty("bindings").GetProperty(binding).GetProperty("targetPort").GetInt32();
}
