using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ArtifactPlatform.Tests.Web;

/// <summary>A dashboard that one test has to itself: to be killed, or with other settings.</summary>
public static class OwnDashboard
{
    /// <summary>An address that nothing listens on yet.</summary>
    public static Uri FreeAddress()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");
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
