using System.Globalization;
using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>A Ceph Object Gateway with a monitor and an OSD of its own: the S3 store that Debian has.</summary>
internal sealed class CephDriver(ContainerResource store, EngineContext engine) : S3Store(store, engine)
{
    private const long GiB = 1L << 30;
    private const string User = "platform";
    private static readonly TimeSpan OsdLimit = TimeSpan.FromMinutes(5);
    private readonly ContainerResource _store = store;
    private CephPrograms? _programs;
    private int? _monitorPort;

    public override async Task StartAsync(CancellationToken ct)
    {
        Log.IsQuiet = true; // three daemons that talk a lot, to nobody's use as long as all is well
        var folder = Engine.Data.Sub(_store.Name);
        var complete = Path.Combine(folder, "complete");
        var isNew = !File.Exists(complete);
        if (isNew)
        {
            // What an aborted attempt left is thrown away: nothing was ever ready with it.
            Directory.Delete(folder, recursive: true);
            Engine.Data.Sub(_store.Name);
        }

        var configuration = Configure(folder);
        var ceph = _programs = new CephPrograms(configuration.Paths, Engine);
        await PrepareMonitorAsync(configuration, ceph, isNew, ct);
        await SuperviseAsync(ceph.Daemon("ceph-mon", "ceph-mon", "ceph-mon", TimeSpan.FromSeconds(10), "-i", "a"), ct);
        if (isNew)
        {
            await MakeOsdAsync(ceph, ct);
        }

        await SuperviseAsync(ceph.Daemon("ceph-osd", "ceph-osd", "ceph-osd", TimeSpan.FromSeconds(20), "-i", "0"), ct);
        // Before that, the gateway would start from a stale map and wait 15 s for a new one.
        Task WaitForOsdAsync(CancellationToken token) =>
            WaitUntil.TrueAsync("Ceph's OSD did not become active", probe => IsActiveAsync(configuration.Paths, probe), OsdLimit, Engine.Time, token);
        await WaitForOsdAsync(ct);
        await SuperviseAsync(ceph.Daemon("radosgw", "radosgw", "radosgw", TimeSpan.FromSeconds(10), "-n", "client.rgw"), ct, WaitForOsdAsync);
        await WaitUntilHealthyAsync(ct);
        await File.WriteAllTextAsync(complete, "", ct);
    }

    public override async Task StopAsync()
    {
        await base.StopAsync();
        if (_programs is { } programs)
        {
            CephFolder.Leave(programs.Paths);
        }
    }

    /// <summary>
    /// The first start has no user yet; later ones may have been given another key. Like MinIO's root user it is let read every
    /// bucket, so that a copy from a customer's bucket stays inside the store; the worker asks with the customer's key first.
    /// </summary>
    protected override async Task AcceptKeyAsync(string accessKey, string secretKey, CancellationToken ct)
    {
        var ceph = _programs ?? throw new InvalidOperationException("Not started.");
        string[] key = ["--uid", User, "--access-key", accessKey, "--secret-key", secretKey];
        if (!await ceph.TryGatewayAdminAsync(ct, ["user", "create", "--admin", "--display-name", User, .. key]))
        {
            await ceph.GatewayAdminAsync(ct, ["key", "create", .. key]);
        }
    }

    private CephConfiguration Configure(string folder)
    {
        var paths = CephFolder.For(folder);
        foreach (var part in new[] { paths.Monitor, paths.Osd, paths.Gateway })
        {
            Directory.CreateDirectory(part);
        }

        foreach (var stale in Directory.EnumerateFiles(paths.Sockets, "*.asok"))
        {
            File.Delete(stale);
        }

        _monitorPort ??= Engine.Ports.Next();
        var configuration = new CephConfiguration(
            paths, ClusterId(folder), Endpoint(_store).Port, _monitorPort.Value, Engine.Ports.Rest, Disk(paths));
        DataFolder.WritePrivate(paths.Configuration, configuration.Text);
        return configuration;
    }

    private static async Task PrepareMonitorAsync(CephConfiguration configuration, CephPrograms ceph, bool isNew, CancellationToken ct)
    {
        var paths = configuration.Paths;
        var map = Path.Combine(paths.Folder, "monmap");
        var portFile = Path.Combine(paths.Folder, "mon-port");
        var port = configuration.MonitorPort.ToString(CultureInfo.InvariantCulture);
        if (isNew)
        {
            await ceph.KeyAsync("mon.", ct, "mon", "allow *");
            await ceph.KeyAsync("client.admin", ct, "mon", "allow *", "osd", "allow *", "mgr", "allow *");
            await ceph.KeyAsync("osd.0", ct, "mon", "allow profile osd", "osd", "allow *");
            await ceph.KeyAsync("client.rgw", ct, "mon", "allow rwx", "osd", "allow rwx");
            await ceph.MonitorMapAsync(map, configuration.ClusterId, configuration.MonitorAddress, ct);
            await ceph.MonitorAsync(ct, "--mkfs", "--monmap", map, "--keyring", paths.Keyring);
        }
        else if (await File.ReadAllTextAsync(portFile, ct) != port)
        {
            // The monitor knows itself by its address: tell it the new one.
            await ceph.MonitorMapAsync(map, configuration.ClusterId, configuration.MonitorAddress, ct);
            await ceph.MonitorAsync(ct, "--inject-monmap", map);
        }

        await File.WriteAllTextAsync(portFile, port, ct);
    }

    private static async Task MakeOsdAsync(CephPrograms ceph, CancellationToken ct)
    {
        var id = $"{Guid.NewGuid()}";
        await Task.WhenAll(ceph.CephAsync(ct, "osd", "new", id, "0"), ceph.OsdAsync(ct, "--mkfs", "--osd-uuid", id));
    }

    private static async Task<bool> IsActiveAsync(CephPaths paths, CancellationToken ct) =>
        await CephAdminSocket.AskAsync(paths.SocketOf("osd.0"), "status", ct) is { } status
        && status.TryGetProperty("state", out var state)
        && state.GetString() == "active";

    private static long Disk(CephPaths paths)
    {
        var made = new FileInfo(Path.Combine(paths.Osd, "block"));
        return made.Exists ? made.Length : DiskBytes(new DriveInfo(paths.Folder).AvailableFreeSpace);
    }

    /// <summary>The size of the sparse file that is the disk, fixed when it is made: nine tenths of what is free, at most 4 TiB.</summary>
    /// <exception cref="CannotStartException">Too little is free to begin with.</exception>
    internal static long DiskBytes(long freeBytes) =>
        Math.Min(freeBytes / GiB * 9 / 10, 4096) is var gibs and >= 4
            ? gibs * GiB
            : throw new CannotStartException($"DATA_DIR has {freeBytes / GiB} GiB free; at least 5 GiB are needed");

    private static Guid ClusterId(string folder)
    {
        var file = Path.Combine(folder, "fsid");
        if (File.Exists(file) && Guid.TryParse(File.ReadAllText(file), out var id))
        {
            return id;
        }

        id = Guid.NewGuid();
        File.WriteAllText(file, $"{id}");
        return id;
    }
}
