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

    /// <summary>
    /// What daemons run with besides. Data goes through them in buffers of 4 MiB, each of which the C library would take from the kernel and
    /// give back: with a video of 30 MB the gateway had 100,000 faults of fresh pages, now a tenth of that. So buffers stay in the heap
    /// (32 MiB is the most that may be asked of it), and each of at most 4 arenas keeps up to 64 MiB free at its end. See mallopt(3).
    /// </summary>
    private static readonly Dictionary<string, string?> DaemonEnvironment = new(CleanEnvironment)
    {
        ["MALLOC_MMAP_THRESHOLD_"] = "33554432",
        ["MALLOC_TRIM_THRESHOLD_"] = "67108864",
        ["MALLOC_ARENA_MAX"] = "4",
    };

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
            Environment = DaemonEnvironment,
            Grace = grace,
        };

    private string[] AdminArguments(string[] arguments) => ["-c", Paths.Configuration, "-n", "client.rgw", .. arguments];

    private Task<string> RunAsync(string program, string package, string[] arguments, CancellationToken ct) =>
        engine.Commands.RunAsync(Spec(program, package, arguments), Limit, ct);

    private static ProcessSpec Spec(string program, string package, string[] arguments) =>
        new(program, FindProgram.Required(program, package), arguments) { Environment = CleanEnvironment };
}
