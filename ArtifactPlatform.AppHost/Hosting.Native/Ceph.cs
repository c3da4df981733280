using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>A daemon of a Ceph cluster that its gateway needs: the monitor or the OSD.</summary>
internal sealed class CephDaemonResource(string name, string program, string folder) : ExecutableResource(name, program, folder);

/// <summary>A Ceph Object Gateway with one monitor and one OSD of its own.</summary>
internal static class Ceph
{
    private const string UntilActive = "until ceph --admin-daemon \"$0\" status 2> /dev/null | grep -q '\"state\": \"active\"'; do sleep 0.2; done";

    private static string Monitor => Programs.Required("ceph-mon", "ceph-mon");

    private static string Osd => Programs.Required("ceph-osd", "ceph-osd");

    public static IResourceBuilder<NativeObjectStoreResource> AddCeph(
        this IDistributedApplicationBuilder builder, string name, string folder, int port, ParameterResource accessKey, ParameterResource secretKey, PortBlock ports)
    {
        var cluster = new CephCluster(folder, port, ports.Next(), ports.Rest);
        cluster.CreateFolders();
        var monitor = builder.AddResource(new CephDaemonResource($"{name}-mon", Monitor, folder))
            .AsDaemon(cluster, "-i", "a")
            .WithEndpoint(port: cluster.MonitorPort, scheme: "tcp", name: "tcp", isProxied: false)
            .PrepareWith((log, ct) => PrepareMonitorAsync(cluster, log, ct))
            .WithProbe(async ct =>
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, cluster.MonitorPort, ct);
            })
            .WithIconName("Eye");
        var osd = builder.AddResource(new CephDaemonResource($"{name}-osd", Osd, folder))
            .AsDaemon(cluster, "-i", "0")
            .WaitFor(monitor)
            .PrepareWith((log, ct) => PrepareOsdAsync(cluster, log, ct))
            .WithIconName("HardDrive");
        var gateway = builder.AddResource(new NativeObjectStoreResource(name, Programs.Required("radosgw", "radosgw"), folder))
            .AsDaemon(cluster, "-n", "client.rgw")
            .WaitFor(osd)
            .PrepareWith((log, ct) => PrepareGatewayAsync(cluster, accessKey, secretKey, log, ct))
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
    private static IResourceBuilder<T> AsDaemon<T>(this IResourceBuilder<T> daemon, CephCluster cluster, params string[] identity)
        where T : ExecutableResource => daemon
        .WithArgs(["-f", "-c", cluster.Configuration, .. identity])
        .WithEnvironment("MALLOC_MMAP_THRESHOLD_", "33554432")
        .WithEnvironment("MALLOC_TRIM_THRESHOLD_", "67108864")
        .WithEnvironment("MALLOC_ARENA_MAX", "4");

    private static async Task PrepareMonitorAsync(CephCluster cluster, ILogger log, CancellationToken ct)
    {
        var (keyring, map, isNew) = (cluster.Keyring, $"{cluster.Data}/monmap", !File.Exists(cluster.Complete));
        Task RunAsync(params string[] line) => Command.RunAsync(log, line, ct);
        if (isNew)
        {
            // What an aborted attempt has left never held anything.
            await RunAsync(["rm", "-rf", "--", keyring, .. cluster.Parts]);
        }

        await RunAsync(["mkdir", "-p", .. cluster.Parts]);
        DataFolder.WritePrivate(cluster.Configuration, cluster.Text());
        if (isNew)
        {
            await RunAsync("ceph-authtool", keyring, "--create-keyring", "--gen-key", "-n", "mon.", "--cap", "mon", "allow *");
            await RunAsync("ceph-authtool", keyring, "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *");
            await RunAsync("ceph-authtool", keyring, "--gen-key", "-n", "osd.0", "--cap", "mon", "allow profile osd", "--cap", "osd", "allow *");
            await RunAsync("ceph-authtool", keyring, "--gen-key", "-n", "client.rgw", "--cap", "mon", "allow rwx", "--cap", "osd", "allow rwx");
        }

        // The monitor knows itself by its address, which is another one when its port was taken.
        await RunAsync("monmaptool", "--create", "--clobber", "--fsid", $"{cluster.Id()}", "--addv", "a", $"[{cluster.MonitorAddress}]", map);
        await RunAsync([Monitor, "-c", cluster.Configuration, "-i", "a", .. isNew ? new[] { "--mkfs", "--monmap", map, "--keyring", keyring } : ["--inject-monmap", map]]);
    }

    private static async Task PrepareOsdAsync(CephCluster cluster, ILogger log, CancellationToken ct)
    {
        File.Delete(cluster.OsdSocket);
        if (!File.Exists($"{cluster.Data}/osd/ready"))
        {
            var id = $"{Guid.NewGuid()}";
            await Task.WhenAll(
                Command.RunAsync(log, ["ceph", "-c", cluster.Configuration, "--connect-timeout", "30", "osd", "new", id, "0"], ct),
                Command.RunAsync(log, [Osd, "-c", cluster.Configuration, "-i", "0", "--mkfs", "--osd-uuid", id], ct));
        }
    }

    /// <summary>
    /// Like MinIO's root user, the platform's may read every bucket, so that a copy from a customer's bucket stays inside the store; the
    /// worker asks with the customer's key first. A start with another key adds that one.
    /// </summary>
    private static async Task PrepareGatewayAsync(CephCluster cluster, ParameterResource accessKey, ParameterResource secretKey, ILogger log, CancellationToken ct)
    {
        // Before the OSD is active, the gateway would start from a stale map and wait 15 s for a new one.
        await Command.RunAsync(log, ["sh", "-c", UntilActive, cluster.OsdSocket], ct);
        var (access, secret) = (await accessKey.GetValueAsync(ct) ?? "", await secretKey.GetValueAsync(ct) ?? "");
        var (known, hash) = ($"{cluster.Data}/rgw/known-key", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{access}:{secret}"))));
        if (File.Exists(known) && await File.ReadAllTextAsync(known, ct) == hash)
        {
            return;
        }

        string[] admin = ["radosgw-admin", "-c", cluster.Configuration, "-n", "client.rgw"];
        string[] key = ["--uid", "platform", "--access-key", access];
        var hidden = ("CEPH_ARGS", $"--secret-key {secret}", secret);
        if (await Command.TryAsync(log, [.. admin, "user", "create", "--admin", "--display-name", "platform", .. key], ct, hidden) != 0)
        {
            await Command.RunAsync(log, [.. admin, "key", "create", .. key], ct, hidden);
        }

        await File.WriteAllTextAsync(known, hash, ct);
    }
}
