using System.Globalization;
using System.Reflection;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>Why the platform cannot start, as one line for the person who started it: what is wrong and what to change.</summary>
internal sealed class CannotStartException(string message) : Exception(message);

/// <summary>What has to be settled before Aspire's builder exists: the person's settings, the data folder, free ports.</summary>
internal sealed class HostSettings
{
    /// <summary>Each replica is a process of 150 MB or more.</summary>
    private const int MostReplicas = 32;

    private readonly IConfiguration _settings;

    private HostSettings(IConfiguration settings, string[] args, DataFolder? data)
    {
        (_settings, Data) = (settings, data);
        Options = new DistributedApplicationOptions
        {
            Args = data is null ? args : [.. args, .. AspireArguments(settings, data)],
            DisableDashboard = settings["ASPIRE_DASHBOARD"] is { Length: > 0 } dashboard && !(bool.TryParse(dashboard, out var wanted) ? wanted : throw new CannotStartException($"ASPIRE_DASHBOARD is '{dashboard}'; set it to true or false")),
        };
    }

    /// <summary>False under a test, which runs several hosts in its own process.</summary>
    public static bool IsOwnProcess { get; } = Assembly.GetEntryAssembly() == typeof(HostSettings).Assembly;

    public DistributedApplicationOptions Options { get; }

    /// <summary>Null while a manifest is published: nothing runs, and nothing is kept.</summary>
    public DataFolder? Data { get; }

    public PortBlock? Ports => Data?.Ports;

    /// <exception cref="CannotStartException">A setting is wrong, or the folder is taken.</exception>
    public static HostSettings Read(string[] args)
    {
        var settings = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        if (settings["operation"] is "publish")
        {
            return new HostSettings(settings, args, data: null);
        }

        var data = DataFolder.Open(Path.GetFullPath(settings["DATA_DIR"] is { Length: > 0 } chosen ? chosen : Path.Combine(ProjectFolder, "..", ".data")));
        SetEnvironment(data.Root);
        Leftovers.WaitUntilGone(data.Root);
        return new HostSettings(settings, args, data);
    }

    /// <summary>The port that the person chose, or any free one for 0.</summary>
    /// <exception cref="CannotStartException">It is taken.</exception>
    public int Port(string name, int otherwise) => (Number(_settings, name, otherwise, 0, ushort.MaxValue), Ports) switch
    {
        (0, { } ports) => ports.Next(),
        (var port, { }) when !PortBlock.IsFree(port) => throw new CannotStartException($"{name} {port} is in use; set {name} to a free port (ss -ltnp shows what listens on it)"),
        (var port, _) => port,
    };

    /// <summary>The volume of a store's container. Its password is in the data folder, so each folder has its own.</summary>
    public string Volume(string store) => $"artifactplatform-{store}{(Data is { } data ? $"-{DataFolder.ShortName(data.Root)}" : "")}";

    public int Replicas(string name) => Number(_settings, name, 1, 1, MostReplicas);

    private static string ProjectFolder => typeof(HostSettings).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(attribute => attribute.Key.Equals("AppHostProjectPath", StringComparison.OrdinalIgnoreCase)).Value ?? ".";

    private static int Number(IConfiguration settings, string name, int otherwise, int least, int most) =>
        settings[name] is not { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new CannotStartException($"{name} is '{text}'; set it to a number from {least} to {most}");

    /// <summary>Children inherit it. A person's own settings of Postgres and Ceph must not steer the platform's, and the demo's secrets are for one service.</summary>
    private static void SetEnvironment(string dataFolder)
    {
        // Where ASP.NET Core, inside Aspire's host and dashboard, keeps its keys instead of in HOME.
        Environment.SetEnvironmentVariable("LOCALAPPDATA", dataFolder);
        if (IsOwnProcess)
        {
            Array.ForEach(
                [.. Environment.GetEnvironmentVariables().Keys.OfType<string>().Where(name => Array.Exists(["PG", "CEPH_", "DEMO_"], name.StartsWith))],
                name => Environment.SetEnvironmentVariable(name, null));
        }
    }

    /// <summary>Aspire's own settings, where the person or the Aspire CLI has not made them: plain http on ports of this copy.</summary>
    private static IEnumerable<string> AspireArguments(IConfiguration settings, DataFolder data) =>
        new Dictionary<string, string?>
        {
            // Where appsettings.json lies.
            ["contentRoot"] = ProjectFolder,
            ["ASPNETCORE_URLS"] = $"http://localhost:{data.Ports.Next()}",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = $"http://localhost:{data.Ports.Next()}",
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = $"http://localhost:{data.Ports.Next()}",
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = $"http://localhost:{data.Ports.Next()}",
            // Logs and traces of Aspire's dashboard would go to HOME.
            ["ASPIRE_DASHBOARD_DATA_DIRECTORY"] = data.PathOf("aspire"),
            ["Web:KeysPath"] = data.PathOf("web-keys"),
            ["Worker:ScratchPath"] = data.PathOf("scratch"),
            ["Parameters:demo-password"] = settings["DEMO_PASSWORD"] is { Length: > 0 } password ? password : null,
            ["Parameters:demo-api-key"] = settings["DEMO_API_KEY"] is not { Length: > 0 } key ? null
                : key.StartsWith("ak_live_", StringComparison.Ordinal) ? key["ak_live_".Length..] : throw new CannotStartException("DEMO_API_KEY must start with ak_live_"),
        }.Where(setting => setting.Value is not null && settings[setting.Key] is null).Select(setting => $"--{setting.Key}={setting.Value}");
}
