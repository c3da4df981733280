using System.Collections;
using ArtifactPlatform.NativeHosting;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;
using ArtifactPlatform.NativeHosting.Testing;
using Xunit;

namespace ArtifactPlatform.Tests.NativeHosting;

/// <summary>What the engine reads off a graph before it starts anything.</summary>
public sealed class GraphTests
{
    private sealed class Metadata : IProjectMetadata
    {
        public string ProjectPath => "/src/Some/Some.csproj";

        public string TargetPath => "/src/Some/bin/Some.dll";
    }

    [Fact]
    public async Task An_expression_is_filled_from_what_its_holes_are_worth_at_the_start()
    {
        var builder = new DistributedApplicationBuilder([]);
        var key = builder.AddParameter("a-key", "secret");
        var store = builder.AddContainer("store", "minio/minio", "tag").WithHttpEndpoint(targetPort: 9000);
        var expression = ReferenceExpression.Create($"Endpoint={store.GetEndpoint("http")};Key={key};Fixed={"text"}");

        Resource_of(store).Endpoint("http").AllocatedPort = 1234;

        Assert.Equal("Endpoint=http://127.0.0.1:1234;Key=secret;Fixed=text", await expression.GetValueAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_parameter_is_taken_from_the_configuration_in_either_spelling()
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = new DistributedApplicationBuilder(["--Parameters:one-two=dashed", "--Parameters:three_four=underscored"]);

        Assert.Equal("dashed", await builder.AddParameter("one-two", "default").Resource.GetValueAsync(ct));
        Assert.Equal("underscored", await builder.AddParameter("three-four", "default").Resource.GetValueAsync(ct));
        Assert.Equal("default", await builder.AddParameter("five", "default").Resource.GetValueAsync(ct));
    }

    [Fact]
    public async Task Connection_strings_have_the_form_that_the_clients_take()
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = new DistributedApplicationBuilder([]);
        var password = builder.AddParameter("password", "p");
        var database = builder.AddPostgres("pg", password).AddDatabase("db", "artifacts");
        var redis = builder.AddRedis("redis", port: null, password);
        database.Resource.Parent.Endpoint("tcp").AllocatedPort = 1;
        redis.Resource.Endpoint("tcp").AllocatedPort = 2;

        Assert.Equal("Host=127.0.0.1;Port=1;Username=postgres;Password=p;Database=artifacts", await database.Resource.GetValueAsync(ct));
        Assert.Equal("127.0.0.1:2,password=p", await redis.Resource.GetValueAsync(ct));
    }

    [Fact]
    public void What_is_waited_for_or_used_starts_first()
    {
        var builder = new DistributedApplicationBuilder([]);
        var password = builder.AddParameter("password", "p");
        var api = builder.AddProject<Metadata>("api", "http");
        var database = builder.AddPostgres("pg", password).AddDatabase("db");
        var migrate = builder.AddProject<Metadata>("migrate", launchProfileName: null).WithReference(database).WaitFor(database);
        api.WithReference(database).WaitForCompletion(migrate);
        builder.AddProject<Metadata>("web", "http").WithReference(api);

        var order = new StartOrder(builder.Described);

        Assert.Equal(["pg", "db", "migrate", "api", "web"], order.Sorted.Select(resource => resource.Name));
        Assert.Equal(["migrate", "api"], order.DependentsOf(database.Resource).Select(resource => resource.Name));
    }

    [Fact]
    public void Resources_that_wait_for_each_other_are_named()
    {
        var builder = new DistributedApplicationBuilder([]);
        var one = builder.AddProject<Metadata>("one", "http");
        var two = builder.AddProject<Metadata>("two", "http").WaitFor(one);
        one.WaitFor(two);

        var problem = Assert.Throws<CannotStartException>(() => new StartOrder(builder.Described));

        Assert.Equal("These resources wait for each other: one, two", problem.Message);
    }

    [Fact]
    public async Task A_service_gets_what_the_graph_says_on_top_of_what_the_host_inherited()
    {
        var builder = new DistributedApplicationBuilder([]);
        var api = builder.AddProject<Metadata>("api", "http");
        var web = builder.AddProject<Metadata>("web", "http").WithReference(api).WithEnvironment("Web__KeysPath", "/keys");
        api.Resource.Endpoint("http").AllocatedPort = 8080;
        web.Resource.Endpoint("http").AllocatedPort = 8081;

        var changes = await ProjectEnvironment.ChangesAsync(
            web.Resource,
            new Dictionary<string, string?> { ["Extra"] = "for all" },
            new Hashtable { ["DOTNET_ROOT"] = "/dotnet" },
            TestContext.Current.CancellationToken);

        Assert.Equal(
            new Dictionary<string, string?>
            {
                ["ASPNETCORE_URLS"] = "http://localhost:8081",
                ["DEMO_API_KEY"] = null,
                ["DEMO_PASSWORD"] = null,
                ["Extra"] = "for all",
                ["OTEL_SERVICE_NAME"] = "web",
                ["Web__KeysPath"] = "/keys",
                ["services__api__http__0"] = "http://localhost:8080",
            },
            changes);
    }

    [Fact]
    public void Two_services_on_one_port_are_refused()
    {
        var builder = new DistributedApplicationBuilder([]);
        builder.AddProject<Metadata>("api", "http").WithEndpoint("http", endpoint => endpoint.Port = 19_999);
        builder.AddProject<Metadata>("web", "http").WithEndpoint("http", endpoint => endpoint.Port = 19_999);

        var problem = Assert.Throws<CannotStartException>(() => AllocatePorts.CheckFixed(builder.Described));

        Assert.Equal("API_PORT and WEB_PORT are both 19999; give them different ports", problem.Message);
    }

    [Theory]
    [InlineData("API_PORT", "many", "API_PORT is 'many'; set it to a port between 1 and 65535")]
    [InlineData("WEB_PORT", "70000", "WEB_PORT is '70000'; set it to a port between 1 and 65535")]
    [InlineData("DEMO_API_KEY", "mine", "DEMO_API_KEY must start with ak_live_")]
    [InlineData("DEMO_API_KEY", "ak_live_mine", null)]
    [InlineData("API_PORT", "", null)]
    public void A_setting_that_cannot_be_is_explained(string name, string value, string? problem) =>
        Assert.Equal(problem, CheckSettings.FindProblem(new Hashtable { [name] = value }));

    [Fact]
    public async Task The_hosts_own_graph_has_the_stores_before_the_services()
    {
        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.ArtifactPlatform_AppHost>(TestContext.Current.CancellationToken);
        var resources = new[] { "postgres", "artifactdb", "redis", "minio", "objectstore", "migrate", "api", "worker", "web" }
            .Select(name => (Resource)builder.CreateResourceBuilder<IResource>(name).Resource);

        var names = new StartOrder(resources).Sorted.Select(resource => resource.Name).ToList();

        Assert.True(names.IndexOf("artifactdb") < names.IndexOf("migrate"));
        Assert.True(names.IndexOf("migrate") < names.IndexOf("worker"));
        Assert.True(names.IndexOf("minio") < names.IndexOf("api"));
    }

    private static ContainerResource Resource_of(IResourceBuilder<ContainerResource> builder) => builder.Resource;
}
