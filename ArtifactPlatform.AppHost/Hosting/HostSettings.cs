using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>Why the platform cannot start, as one line for the person who started it: what is wrong and what to change.</summary>
internal sealed class CannotStartException(string message) : Exception(message);

/// <summary>What has to be settled before Aspire's builder exists: the person's settings, the data folder, free ports.</summary>
internal sealed class HostSettings
{
    /// <summary>Each replica is a process of 150 MB or more.</summary>
    private const int MostReplicas = 32;

    private readonly IConfiguration _settings;

    private HostSettings(IConfiguration settings, string[] args, DataFolder? data, PortBlock? ports)
    {
        (_settings, Data, Ports) = (settings, data, ports);
        Options = new DistributedApplicationOptions
        {
            Args = data is null || ports is null ? args : [.. args, .. AspireArguments(settings, data, ports)],
            DisableDashboard = settings["ASPIRE_DASHBOARD"] is { } dashboard && !Flag("ASPIRE_DASHBOARD", dashboard),
        };
    }

    /// <summary>False under a test, which runs several hosts in its own process.</summary>
    public static bool IsOwnProcess { get; } = Assembly.GetEntryAssembly() == typeof(HostSettings).Assembly;

    public DistributedApplicationOptions Options { get; }

    /// <summary>Null while a manifest is published: nothing runs, and nothing is kept.</summary>
    public DataFolder? Data { get; }

    public PortBlock? Ports { get; }

    /// <exception cref="CannotStartException">A setting is wrong, or the folder or a port is taken.</exception>
    public static HostSettings Read(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        if (settings["operation"] is "publish")
        {
            return new HostSettings(settings, args, data: null, ports: null);
        }

        foreach (var name in new[] { "API_REPLICAS", "WORKER_REPLICAS", "WEB_REPLICAS" })
        {
            Number(settings, name, 1, 1, MostReplicas);
        }

        CheckFree(settings, "API_PORT");
        CheckFree(settings, "WEB_PORT");
        KeepFromChildren();
        var data = DataFolder.Open(Path.GetFullPath(settings["DATA_DIR"] is { Length: > 0 } chosen ? chosen : Path.Combine(ProjectFolder, "..", ".data")));
        // Where ASP.NET Core, inside Aspire's host and dashboard, keeps its keys instead of in HOME.
        Environment.SetEnvironmentVariable("LOCALAPPDATA", data.Root);
        Leftovers.WaitUntilGone(data.Root);
        return new HostSettings(settings, args, data, PortBlock.Claim(data.PathOf("ports.json")));
    }

    /// <summary>The port that the person chose, or any free one for 0.</summary>
    public int Port(string name, int otherwise) => Number(_settings, name, otherwise, 0, ushort.MaxValue) is var port && port == 0 && Ports is { } ports ? ports.Next() : port;

    public int Replicas(string name) => Number(_settings, name, 1, 1, MostReplicas);

    private static string ProjectFolder => typeof(HostSettings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key.Equals("AppHostProjectPath", StringComparison.OrdinalIgnoreCase)).Value ?? ".";

    private static int Number(IConfiguration settings, string name, int otherwise, int least, int most) =>
        settings[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new CannotStartException($"{name} is '{text}'; set it to a number from {least} to {most}");

    private static bool Flag(string name, string text) =>
        bool.TryParse(text, out var flag) ? flag : throw new CannotStartException($"{name} is '{text}'; set it to true or false");

    private static void CheckFree(IConfiguration settings, string name)
    {
        var port = Number(settings, name, name == "API_PORT" ? 8080 : 8081, 0, ushort.MaxValue);
        if (port > 0 && !PortBlock.IsFree(port))
        {
            throw new CannotStartException($"{name} {port} is in use; set {name} to a free port (ss -ltnp shows what listens on it)");
        }
    }

    /// <summary>Children inherit the environment: a person's own settings of Postgres and Ceph must not steer the platform's, and the demo's secrets are for one service.</summary>
    private static void KeepFromChildren()
    {
        if (IsOwnProcess)
        {
            foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>().Where(name => name.StartsWith("PG", StringComparison.Ordinal) || name.StartsWith("CEPH_", StringComparison.Ordinal) || name.StartsWith("DEMO_", StringComparison.Ordinal)))
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }
    }

    /// <summary>Aspire's own settings, where the person or the Aspire CLI has not made them: plain http on ports of this copy.</summary>
    private static IEnumerable<string> AspireArguments(IConfiguration settings, DataFolder data, PortBlock ports) =>
        new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = $"http://localhost:{ports.Next()}",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{ports.Next()}",
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://localhost:{ports.Next()}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{ports.Next()}",
            ["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true",
            ["ASPIRE_DCP_USE_DEVELOPER_CERTIFICATE"] = "false",
            ["ASPIRE_DEVELOPER_CERTIFICATE_DEFAULT_TRUST"] = "false",
            ["ASPIRE_DASHBOARD_TELEMETRY_OPTOUT"] = "true",
            ["ASPIRE_VERSION_CHECK_DISABLED"] = "true",
            // Logs and traces of the dashboard would go to HOME, its login token to its log.
            ["ASPIRE_DASHBOARD_DATA_DIRECTORY"] = data.PathOf("aspire"),
            ["ASPIRE_DASHBOARD_SUPPRESS_BROWSER_TOKEN_IN_OUTPUT"] = "true",
            // The host ends when its children have ended.
            ["DcpPublisher:WaitForResourceCleanup"] = "true",
            ["Web:KeysPath"] = data.PathOf("web-keys"),
            ["Worker:ScratchPath"] = data.PathOf("scratch"),
            // DCP kills 6 s after it has asked to stop; by then the worker must have handed back its jobs.
            ["Worker:Drain"] = "00:00:04",
            ["Parameters:demo-password"] = settings["DEMO_PASSWORD"] is { Length: > 0 } password ? password : null,
            ["Parameters:demo-api-key"] = settings["DEMO_API_KEY"] is not { Length: > 0 } key ? null
                : key.StartsWith("ak_live_", StringComparison.Ordinal) ? key["ak_live_".Length..] : throw new CannotStartException("DEMO_API_KEY must start with ak_live_"),
        }.Where(setting => setting.Value is not null && settings[setting.Key] is null).Select(setting => $"--{setting.Key}={setting.Value}");
}
