using System.Security.Cryptography;
using System.Text;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>
/// One monitor, one OSD and one gateway on the loopback. Ceph can't live with blanks in a path, and a Unix socket's path has at most 107
/// characters (unix(7)): whatever the data folder is called, Ceph reaches it through a link in a short folder, which also holds its sockets.
/// </summary>
internal sealed record CephCluster(string Folder, int GatewayPort, int MonitorPort, (int From, int To) OsdPorts)
{
    private const long GiB = 1L << 30;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>Root has a place that nobody else can write; in /tmp anybody could have made the name before.</summary>
    public string Short { get; } =
        $"{(Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp")}/artifact-platform-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Folder)))[..16]}";

    public string Data => $"{Short}/data";

    public string Configuration => $"{Data}/ceph.conf";

    public string Keyring => $"{Data}/keyring";

    public string[] Parts => [$"{Data}/mon", $"{Data}/osd", $"{Data}/rgw"];

    /// <summary>A file that exists once the store was healthy for the first time.</summary>
    public string Complete => $"{Data}/complete";

    public string OsdSocket => $"{Short}/osd.0.asok";

    public string MonitorAddress => $"v2:127.0.0.1:{MonitorPort}";

    /// <exception cref="CannotStartException">The short folder is somebody else's, or too little space is free for a new store.</exception>
    public void CreateFolders()
    {
        try
        {
            Directory.CreateDirectory(Short, OwnerOnly);
            File.SetUnixFileMode(Short, OwnerOnly); // only its owner may
        }
        catch (UnauthorizedAccessException)
        {
            throw new CannotStartException($"{Short} belongs to somebody else; remove it, or set DATA_DIR to another folder");
        }

        File.Delete(Data);
        File.CreateSymbolicLink(Data, Folder);
        if (!File.Exists(Complete))
        {
            DataFolder.CheckSpace(Folder, new DriveInfo(Folder).AvailableFreeSpace, 5 * GiB);
        }
    }

    /// <summary>For a test, which removes the data folder itself.</summary>
    public static void RemoveShort(string folder)
    {
        if (new CephCluster(folder, 0, 0, default).Short is var place && Directory.Exists(place))
        {
            Directory.Delete(place, recursive: true);
        }
    }

    /// <summary>Created with the folder and kept.</summary>
    public Guid Id()
    {
        var file = Path.Combine(Folder, "fsid");
        if (!File.Exists(file) || !Guid.TryParse(File.ReadAllText(file), out var id))
        {
            File.WriteAllText(file, $"{id = Guid.NewGuid()}");
        }

        return id;
    }

    /// <summary>The text of ceph.conf. Settings whose value is not simply where something lies say why.</summary>
    public string Text() =>
        $"""
        [global]
        fsid = {Id()}
        mon_host = {MonitorAddress}
        public_addr = 127.0.0.1
        # Without it the OSD listens on every address for its peers.
        cluster_addr = 127.0.0.1
        run_dir = {Short}
        admin_socket = {Short}/$name.asok
        keyring = {Keyring}
        ms_bind_ipv6 = false
        ms_bind_port_min = {OsdPorts.From}
        ms_bind_port_max = {OsdPorts.To}
        # One disk, one copy: redundancy is the task of the disk.
        osd_pool_default_size = 1
        osd_pool_default_min_size = 1
        osd_pool_default_pg_num = 8
        osd_pool_default_pg_autoscale_mode = off
        osd_crush_chooseleaf_type = 0
        mon_allow_pool_size_one = true
        mon_max_pg_per_osd = 1000
        mon_data_avail_warn = 1
        mon_data_avail_crit = 0
        auth_allow_insecure_global_id_reclaim = false
        # A restart after kill -9 would wait out the leases of the dead for 15-30 s.
        osd_pool_default_read_lease_ratio = 0.05
        osd_client_watch_timeout = 3
        # A single monitor has no one to agree with: collecting proposals for a second each costs 10 s of the first start.
        paxos_propose_interval = 0.05
        paxos_min_wait = 0.01
        # Errors go to standard error, which the host keeps; the rest is for those who debug Ceph.
        log_to_file = false
        log_to_stderr = false
        err_to_stderr = true
        mon_cluster_log_to_file = false
        mon_cluster_log_to_stderr = false
        [mon.a]
        mon_data = {Data}/mon
        public_addr = {MonitorAddress}
        [osd.0]
        osd_data = {Data}/osd
        osd_objectstore = bluestore
        # A name of its own: the machine's may change between two starts, and the data would be looked for elsewhere.
        crush_location = root=default host=platform
        bluestore_block_size = {DiskBytes(new FileInfo($"{Data}/osd/block"), new DriveInfo(Folder).AvailableFreeSpace)}
        # The least that Ceph takes.
        osd_memory_target = 939524096
        [client.rgw]
        # Otherwise the body of a small answer waits 40 ms for the reader to confirm its headers.
        rgw_frontends = beast endpoint=127.0.0.1:{GatewayPort} tcp_nodelay=1
        rgw_data = {Data}/rgw
        # More often than the OSD's watch timeout, or each watch would end and be renewed for ever, with an error.
        objecter_tick_interval = 2
        rgw_thread_pool_size = 128
        rgw_dynamic_resharding = false
        # What is deleted is free again after minutes, not hours.
        rgw_gc_obj_min_wait = 300
        rgw_gc_processor_period = 300

        """;

    /// <summary>The size of the sparse file that is the disk, fixed when it is created: nine tenths of the free space, at most 4 TiB.</summary>
    internal static long DiskBytes(FileInfo disk, long freeBytes) => disk.Exists ? disk.Length : Math.Min(freeBytes / GiB * 9 / 10, 4096) * GiB;
}
