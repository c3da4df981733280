namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>Where a Ceph cluster keeps what.</summary>
/// <param name="Folder">Free of spaces and of what its configuration language gives a meaning.</param>
/// <param name="Sockets">Short: a Unix socket's path has at most 107 characters (unix(7)).</param>
internal sealed record CephPaths(string Folder, string Sockets)
{
    public string Configuration => $"{Folder}/ceph.conf";

    public string Keyring => $"{Folder}/keyring";

    public string Monitor => $"{Folder}/mon";

    public string Osd => $"{Folder}/osd";

    public string Gateway => $"{Folder}/rgw";

    public string SocketOf(string daemon) => $"{Sockets}/{daemon}.asok";
}

/// <summary>One monitor, one OSD, one gateway, on the loopback.</summary>
internal sealed record CephConfiguration(
    CephPaths Paths, Guid ClusterId, int GatewayPort, int MonitorPort, (int From, int To) OsdPorts, long DiskBytes)
{
    public string MonitorAddress => $"v2:127.0.0.1:{MonitorPort}";

    /// <summary>Settings whose value is not simply where something lies say why.</summary>
    public string Text =>
        $"""
        [global]
        fsid = {ClusterId}
        mon_host = {MonitorAddress}
        public_addr = 127.0.0.1
        run_dir = {Paths.Sockets}
        admin_socket = {Paths.SocketOf("$name")}
        keyring = {Paths.Keyring}
        ms_bind_ipv6 = false
        ms_bind_port_min = {OsdPorts.From}
        ms_bind_port_max = {OsdPorts.To}
        # One disk, one copy: redundancy is the disk's own business.
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
        # There is nobody to agree with: gathering proposals for a second each costs 10 s of the first start.
        paxos_propose_interval = 0.05
        paxos_min_wait = 0.01
        # To standard error, which is kept in a file of bounded size.
        log_to_file = false
        log_to_stderr = true
        err_to_stderr = true
        mon_cluster_log_to_file = false
        mon_cluster_log_to_stderr = false
        debug_mon = 0/0
        debug_paxos = 0/0
        debug_auth = 0/0
        debug_ms = 0/0
        debug_osd = 0/0
        debug_bluestore = 0/0
        debug_bluefs = 0/0
        debug_bdev = 0/0
        debug_rocksdb = 0/0
        debug_rgw = 0/0
        [mon.a]
        mon_data = {Paths.Monitor}
        public_addr = {MonitorAddress}
        [osd.0]
        osd_data = {Paths.Osd}
        osd_objectstore = bluestore
        # A name of its own: the machine's may change between two starts, and the data would be looked for elsewhere.
        crush_location = root=default host=platform
        bluestore_block_size = {DiskBytes}
        # The least that Ceph takes.
        osd_memory_target = 939524096
        [client.rgw]
        # Otherwise the body of a small answer waits 40 ms for the reader to confirm its headers.
        rgw_frontends = beast endpoint=127.0.0.1:{GatewayPort} tcp_nodelay=1
        rgw_data = {Paths.Gateway}
        rgw_thread_pool_size = 128
        rgw_dynamic_resharding = false
        # What is deleted is free again after minutes, not hours.
        rgw_gc_obj_min_wait = 300
        rgw_gc_processor_period = 300

        """;
}
