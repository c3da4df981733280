using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ArtifactPlatform.Tests.Web;

/// <summary>A dashboard that one test has to itself: to be killed, or with other settings.</summary>
public static class OwnDashboard
{
    /// <summary>Outside the range that the kernel hands out (32768 to 60999): another process would be given a port from there before the dashboard takes it.</summary>
    private const int FirstPort = 18_000;

    private const int Ports = 1_000;

    private static int last = Random.Shared.Next(Ports);

    /// <summary>An address that nothing listens on, and that no other test gets.</summary>
    public static Uri FreeAddress()
    {
        for (var tries = 0; tries < Ports; tries++)
        {
            var port = FirstPort + (Interlocked.Increment(ref last) % Ports);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return new Uri($"http://127.0.0.1:{port}");
            }
            catch (SocketException)
            {
            }
        }

        throw new InvalidOperationException($"No port from {FirstPort} to {FirstPort + Ports - 1} is free.");
    }

    /// <summary>From a folder that is not the dashboard's, as a service manager does. Ends when it answers.</summary>
    /// <param name="keysPath">For the keys of its cookies.</param>
    public static async Task<Process> StartAsync(Uri address, Uri api, string keysPath, IEnumerable<(string Name, string Value)> settings, CancellationToken ct)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        var start = new ProcessStartInfo(dotnet, [PlatformHost.WebAssemblyPath]) { WorkingDirectory = Path.GetTempPath() };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["ASPNETCORE_URLS"] = address.ToString();
        start.Environment["services__api__http__0"] = api.ToString();
        start.Environment["Web__KeysPath"] = keysPath;
        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException("The dashboard did not start.");
        using var http = new HttpClient { BaseAddress = address };
        await Eventually.TrueAsync(
            async () =>
            {
                Assert.False(process.HasExited, "The dashboard ended before it answered.");
                try
                {
                    return (await http.GetAsync(new Uri("/alive", UriKind.Relative), ct)).IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            () => $"the dashboard at {address}");
        return process;
    }
}
