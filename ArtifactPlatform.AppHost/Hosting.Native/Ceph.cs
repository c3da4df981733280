using System.Net;
using System.Net.Sockets;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>A daemon of a Ceph cluster that its gateway needs: the monitor or the OSD.</summary>
internal sealed class CephDaemonResource(string name, string program, string folder) : ExecutableResource(name, program, folder);

/// <summary>A Ceph Object Gateway with one monitor and one OSD of its own.</summary>
internal static class Ceph
{
    public static IResourceBuilder<NativeObjectStoreResource> AddCeph(
        this IDistributedApplicationBuilder builder, string name, string folder, int port, ParameterResource accessKey, ParameterResource secretKey, PortBlock ports)
    {
        var cluster = new CephCluster(folder, port, ports.Next(), ports.Rest);
        cluster.CreateFolders();
        var monitor = builder.AddResource(new CephDaemonResource($"{name}-mon", Programs.Required("ceph-mon", "ceph-mon"), folder))
            .WithDaemonArgs(cluster, "-i", "a")
            .WithEndpoint(port: cluster.MonitorPort, scheme: "tcp", name: "tcp", isProxied: false)
            .PrepareWith((log, ct) => cluster.PrepareAsync("monitor", accessKey, secretKey, log, ct))
            .WithProbe(async ct =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, cluster.MonitorPort, ct);
                cluster.KeepLink();
            })
            .WithIconName("Eye");
        var osd = builder.AddResource(new CephDaemonResource($"{name}-osd", Programs.Required("ceph-osd", "ceph-osd"), folder))
            .WithDaemonArgs(cluster, "-i", "0")
            .WaitFor(monitor)
            .PrepareWith((log, ct) => cluster.PrepareAsync("osd", accessKey, secretKey, log, ct))
            .WithIconName("HardDrive");
        var gateway = builder.AddResource(new NativeObjectStoreResource(name, Programs.Required("radosgw", "radosgw"), folder))
            .WithDaemonArgs(cluster, "-n", "client.rgw")
            .WaitFor(osd)
            .PrepareWith((log, ct) => cluster.PrepareAsync("gateway", accessKey, secretKey, log, ct))
            .OnResourceReady((_, _, ct) => File.WriteAllTextAsync(cluster.Complete, "", ct));
        monitor.WithParentRelationship(gateway);
        osd.WithParentRelationship(gateway);
        return gateway;
    }

    /// <summary>
    /// Data goes through the daemons in buffers of 4 MiB, each of which the C library would take from the kernel and return: with a video
    /// of 30 MB the gateway had 100,000 faults of fresh pages, now a tenth of that. So buffers stay in the heap (32 MiB is the most that
    /// may be asked of it), and each of at most 4 arenas keeps up to 64 MiB free at its end. See mallopt(3).
    /// </summary>
    private static IResourceBuilder<T> WithDaemonArgs<T>(this IResourceBuilder<T> daemon, CephCluster cluster, params string[] identity)
        where T : ExecutableResource => daemon
        .WithArgs(["-f", "-c", cluster.Configuration, .. identity])
        .WithEnvironment("MALLOC_MMAP_THRESHOLD_", "33554432")
        .WithEnvironment("MALLOC_TRIM_THRESHOLD_", "67108864")
        .WithEnvironment("MALLOC_ARENA_MAX", "4");
}
