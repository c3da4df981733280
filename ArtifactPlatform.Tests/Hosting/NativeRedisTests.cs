using System.Diagnostics;
using System.Runtime.Versioning;
using ArtifactPlatform.AppHost.Hosting;
using ArtifactPlatform.AppHost.Hosting.Native;
using StackExchange.Redis;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>A redis-server with the configuration that the host writes.</summary>
[SupportedOSPlatform("linux")]
public sealed class NativeRedisTests : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("ap-redis-").FullName;
    private Process? _server;

    [Fact]
    public async Task A_server_that_outlives_its_host_is_found_by_its_environment()
    {
        await using var redis = await StartAsync(_root, "secret");

        Assert.Equal([_server?.Id], Leftovers.Find(_root).Cast<int?>());
    }

    [Theory]
    [InlineData("plain", "with blanks")]
    [InlineData("with blanks ", "plain")]
    [InlineData("\"quoted\"", "\"quoted\"")]
    [InlineData("it's", "it's")]
    [InlineData("ends with \\", "ends with \\")]
    [InlineData("\\n \\x41 \\\"", "\\n \\x41 \\\"")]
    [InlineData("# no comment", "# no comment")]
    [InlineData("Schlüssel", "Ordner für Töne")]
    public async Task A_server_takes_any_password_and_folder_as_they_are(string password, string folder)
    {
        folder = Directory.CreateDirectory(Path.Combine(_root, folder)).FullName;

        await using var redis = await StartAsync(folder, password);

        var server = redis.GetServers()[0];
        Assert.Equal(folder, Assert.Single(await server.ConfigGetAsync("dir")).Value);
        Assert.Equal(password, Assert.Single(await server.ConfigGetAsync("requirepass")).Value);
    }

    /// <summary>Its connection proves that it runs and knows the password.</summary>
    private async Task<ConnectionMultiplexer> StartAsync(string folder, string password)
    {
        var (port, _) = RunningHost.FreePorts();
        var file = Path.Combine(folder, "redis.conf");
        DataFolder.WritePrivate(file, NativeRedisExtensions.Configuration(folder, port, password));
        var start = new ProcessStartInfo(Programs.Required("redis-server", "redis-server"), [file]) { RedirectStandardOutput = true, Environment = { [Leftovers.Marker] = _root } };
        _server = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        var output = _server.StandardOutput.ReadToEndAsync();
        var options = new ConfigurationOptions { EndPoints = { { "127.0.0.1", port } }, Password = password, AllowAdmin = true, ConnectTimeout = 1000 };
        return await Eventually.GetAsync(
            async () =>
            {
                if (_server.HasExited)
                {
                    Assert.Fail(await output);
                }

                try
                {
                    return await ConnectionMultiplexer.ConnectAsync(options);
                }
                catch (RedisConnectionException)
                {
                    return null;
                }
            },
            () => $"redis-server at {port} to accept the password");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill();
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        Directory.Delete(_root, recursive: true);
    }
}
