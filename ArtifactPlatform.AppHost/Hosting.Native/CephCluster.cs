namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>
/// One monitor, one OSD and one gateway on the loopback. Ceph can't live with blanks in a path, and a Unix socket's path has at most 107
/// characters (unix(7)): whatever the data folder is called, Ceph reaches it through a link in a short folder, which also holds its sockets.
/// </summary>
internal sealed record CephCluster(string Folder, int GatewayPort, int MonitorPort, (int From, int To) OsdPorts)
{
    private const long GiB = 1L << 30;

    /// <summary>Root has a place that nobody else can write; in /tmp anybody could have made the name before.</summary>
    public string Short { get; } =
        $"{(Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp")}/artifact-platform-{DataFolder.ShortName(Folder)}";

    public string Configuration => $"{Short}/data/ceph.conf";

    /// <summary>A file that exists once the store was healthy for the first time.</summary>
    public string Complete => $"{Short}/data/complete";

    /// <summary>Runs a part of <c>ceph.sh</c>, which lies beside this file.</summary>
    /// <param name="daemon">monitor, osd or gateway.</param>
    public async Task PrepareAsync(string daemon, ParameterResource accessKey, ParameterResource secretKey, ILogger log, CancellationToken ct) =>
        await Command.RunAsync(log, ["sh", Path.Combine(AppContext.BaseDirectory, "ceph.sh"), daemon], ct, new()
        {
            ["CLUSTER"] = Short,
            ["GATEWAY_PORT"] = $"{GatewayPort}",
            ["MONITOR_PORT"] = $"{MonitorPort}",
            ["OSD_PORT_MIN"] = $"{OsdPorts.From}",
            ["OSD_PORT_MAX"] = $"{OsdPorts.To}",
            ["DISK_BYTES"] = $"{DiskBytes(new FileInfo($"{Short}/data/osd/block"), new DriveInfo(Folder).AvailableFreeSpace)}",
            ["ACCESS_KEY"] = await accessKey.GetValueAsync(ct),
            ["SECRET_KEY"] = await secretKey.GetValueAsync(ct),
        });

    /// <summary>What is in /tmp and has not changed for 10 days is removed by many systems (tmpfiles.d(5)).</summary>
    public void KeepLink() => File.SetLastWriteTimeUtc($"{Short}/data", TimeProvider.System.GetUtcNow().UtcDateTime);

    /// <exception cref="CannotStartException">The short folder is somebody else's, or too little space is free for a new store.</exception>
    public void CreateFolders()
    {
        try
        {
            Directory.CreateDirectory(Short, DataFolder.OwnerOnly);
            File.SetUnixFileMode(Short, DataFolder.OwnerOnly); // only its owner may
        }
        catch (UnauthorizedAccessException)
        {
            throw new CannotStartException($"{Short} belongs to somebody else; remove it, or set DATA_DIR to another folder");
        }

        File.Delete($"{Short}/data");
        File.CreateSymbolicLink($"{Short}/data", Folder);
        if (!File.Exists(Complete))
        {
            DataFolder.CheckSpace(Folder, new DriveInfo(Folder).AvailableFreeSpace, 5 * GiB);
        }
    }

    /// <summary>The size of the sparse file that is the disk, fixed when it is created: nine tenths of the free space, at most 4 TiB.</summary>
    internal static long DiskBytes(FileInfo disk, long freeBytes) => disk.Exists ? disk.Length : Math.Min(freeBytes / GiB * 9 / 10, 4096) * GiB;
}
