using ArtifactPlatform.Api;
using ArtifactPlatform.ServiceDefaults;
using ArtifactPlatform.Worker.Queue;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ArtifactPlatform.Tests.Unit.Setup;

public sealed class StartUpTests
{
    private static readonly (string Name, string Value)[] Good =
    [
        ("ConnectionStrings:artifactdb", "Host=db;Username=u;Password=p;Database=d"),
        ("ConnectionStrings:redis", "redis:6379,password=p,ssl=true"),
        ("ConnectionStrings:objectstore", "Endpoint=http://store:9000;AccessKey=a;SecretKey=s"),
        ("Secrets:MasterKey", "0123456789abcdef0123456789abcdef"),
    ];

    [Fact]
    public void Good_settings_pass() => CheckApi();

    [Theory]
    [InlineData("ConnectionStrings:artifactdb", "", "ConnectionStrings__artifactdb")]
    [InlineData("ConnectionStrings:artifactdb", "postgres://u:p@db/d", "ConnectionStrings__artifactdb")]
    [InlineData("ConnectionStrings:artifactdb", "Host=db;Nonsense=hush", "ConnectionStrings__artifactdb")]
    [InlineData("ConnectionStrings:redis", "redis:6379,nonsense=hush", "ConnectionStrings__redis")]
    [InlineData("ConnectionStrings:objectstore", "Endpoint=store:9000;AccessKey=a;SecretKey=hush", "ConnectionStrings__objectstore")]
    [InlineData("ConnectionStrings:objectstore", "Endpoint=http://store:9000;AccessKey=a", "SecretKey=")]
    [InlineData("Secrets:MasterKey", "hush", "Secrets__MasterKey")]
    [InlineData("Storage:PublicEndpoint", "ftp://store", "Storage__PublicEndpoint")]
    [InlineData("Ingest:IdleTimeout", "-1.00:00:00", "IdleTimeout")]
    [InlineData("RateLimits:RedisTimeout", "soon", "RateLimits:RedisTimeout")]
    public void An_invalid_setting_is_named_in_one_line(string name, string value, string shown)
    {
        var problem = StartUp.Problem(Assert.ThrowsAny<Exception>(() => CheckApi((name, value))));

        Assert.NotNull(problem);
        Assert.Contains(shown, problem, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', problem);
        Assert.DoesNotContain("hush", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_missing_settings_are_named_at_once()
    {
        var problem = StartUp.Problem(Assert.ThrowsAny<Exception>(() => CheckApi([.. Good.Select(setting => (setting.Name, ""))]))) ?? "";

        Assert.All(["artifactdb", "redis", "objectstore", "Secrets__MasterKey"], name => Assert.Contains(name, problem, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_fault_that_is_not_about_settings_keeps_its_stack_trace() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartUp.RunAsync(() => throw new InvalidOperationException("a bug")));

    [Fact]
    public async Task An_invalid_setting_ends_the_program_with_exit_code_1() =>
        Assert.Equal(1, await StartUp.RunAsync(() => Task.FromResult(Scratch.Open("/proc/none/scratch").GetHashCode())));

    private static void CheckApi(params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var (name, value) in Good.Concat(settings))
        {
            builder.Configuration[name] = value;
        }

        builder.AddServiceDefaults();
        builder.AddApi();
        using IHost api = builder.Build();
        api.CheckSettings();
    }
}
