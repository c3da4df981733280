using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>Runs Ceph's own tools on one cluster.</summary>
internal sealed class CephPrograms(CephPaths paths, EngineContext engine)
{
    public CephPaths Paths { get; } = paths;

    /// <summary>A person's own Ceph variables must not steer this cluster.</summary>
    public static readonly IReadOnlyDictionary<string, string?> CleanEnvironment =
        new Dictionary<string, string?> { ["CEPH_ARGS"] = null, ["CEPH_CONF"] = null, ["CEPH_KEYRING"] = null, ["LC_ALL"] = "C.UTF-8" };

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public Task KeyAsync(string name, CancellationToken ct, params string[] capabilities) =>
        RunAsync(
            "ceph-authtool",
            "ceph-common",
            [Paths.Keyring, .. File.Exists(Paths.Keyring) ? Array.Empty<string>() : ["--create-keyring"], "--gen-key", "-n", name, .. capabilities.Chunk(2).SelectMany(cap => cap.Prepend("--cap"))],
            ct);

    public Task MonitorMapAsync(string file, Guid cluster, string address, CancellationToken ct) =>
        RunAsync("monmaptool", "ceph-common", ["--create", "--clobber", "--fsid", $"{cluster}", "--addv", "a", $"[{address}]", file], ct);

    public Task MonitorAsync(CancellationToken ct, params string[] arguments) =>
        RunAsync("ceph-mon", "ceph-mon", ["-c", Paths.Configuration, "-i", "a", .. arguments], ct);

    public Task OsdAsync(CancellationToken ct, params string[] arguments) =>
        RunAsync("ceph-osd", "ceph-osd", ["-c", Paths.Configuration, "-i", "0", .. arguments], ct);

    public Task CephAsync(CancellationToken ct, params string[] arguments) =>
        RunAsync("ceph", "ceph-common", ["-c", Paths.Configuration, "--connect-timeout", "30", .. arguments], ct);

    public async Task<bool> TryGatewayAdminAsync(CancellationToken ct, params string[] arguments)
    {
        var (exitCode, _) = await engine.Commands.TryAsync(Spec("radosgw-admin", "radosgw", AdminArguments(arguments)), Limit, ct);
        return exitCode == 0;
    }

    public Task GatewayAdminAsync(CancellationToken ct, params string[] arguments) =>
        RunAsync("radosgw-admin", "radosgw", AdminArguments(arguments), ct);

    public ProcessSpec Daemon(string name, string program, string package, TimeSpan grace, params string[] arguments) =>
        new(name, FindProgram.Required(program, package), ["-f", "-c", Paths.Configuration, .. arguments])
        {
            Environment = CleanEnvironment,
            Grace = grace,
        };

    private string[] AdminArguments(string[] arguments) => ["-c", Paths.Configuration, "-n", "client.rgw", .. arguments];

    private Task<string> RunAsync(string program, string package, string[] arguments, CancellationToken ct) =>
        engine.Commands.RunAsync(Spec(program, package, arguments), Limit, ct);

    private static ProcessSpec Spec(string program, string package, string[] arguments) =>
        new(program, FindProgram.Required(program, package), arguments) { Environment = CleanEnvironment };
}
