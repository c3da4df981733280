using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ArtifactPlatform.NativeHosting.Data;

/// <summary>
/// The 200 ports of one copy of the platform, below the range that the kernel hands out by itself (from 32768).
/// Kept over restarts while they are free. A lock per block, held as long as the copy runs, keeps copies that start
/// at the same moment apart.
/// </summary>
internal sealed class PortBlock : IDisposable
{
    /// <summary>The Ceph OSD alone wants about 100 (its public, cluster and heartbeat messengers look for free ones).</summary>
    public const int Size = 200;
    public const int First = 20_000;
    public const int Count = 55;

    /// <summary>Given out one by one; the others are left to a program that looks for free ports by itself.</summary>
    public const int Single = 40;

    private readonly FileStream _claim;
    private int _given;

    private PortBlock(int first, FileStream claim)
    {
        Base = first;
        _claim = claim;
    }

    public int Base { get; }

    /// <summary>For a program that looks for free ports by itself.</summary>
    public (int From, int To) Rest => (Base + Single, Base + Size - 1);

    /// <summary>The next one that nobody listens on.</summary>
    public int Next()
    {
        while (Interlocked.Increment(ref _given) is var given && given <= Single)
        {
            var port = Base + given - 1;
            if (IsFree(port))
            {
                return port;
            }
        }

        throw new CannotStartException($"No free port left between {Base} and {Base + Single - 1}");
    }

    /// <summary>The block of last time if all its single ports are free, else another one.</summary>
    public static PortBlock Claim(string path)
    {
        foreach (var first in Candidates(Remembered(path)))
        {
            if (TryLock(first) is not { } claim)
            {
                continue;
            }

            if (Enumerable.Range(first, Single).All(IsFree))
            {
                DataFolder.WritePrivate(path, JsonSerializer.Serialize(new Dictionary<string, int> { ["base"] = first }));
                return new PortBlock(first, claim);
            }

            claim.Dispose();
        }

        throw new CannotStartException($"No {Single} free ports in a row between {First} and {First + (Size * Count) - 1}");
    }

    /// <summary>Whether a server could listen on it, on both addresses of the loopback.</summary>
    public static bool IsFree(int port) =>
        CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    internal static IEnumerable<int> Candidates(int? remembered)
    {
        var start = Random.Shared.Next(Count);
        var others = Enumerable.Range(0, Count).Select(i => First + ((start + i) % Count * Size));
        return remembered is { } first ? others.Where(other => other != first).Prepend(first) : others;
    }

    public void Dispose() => _claim.Dispose();

    private static int? Remembered(string path)
    {
        try
        {
            var values = File.Exists(path) ? JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(path)) : null;
            return values is not null && values.TryGetValue("base", out var first) && (first - First) % Size == 0 ? first : null;
        }
        catch (JsonException)
        {
            return null; // Ports hold no data: new ones do as well.
        }
    }

    private static FileStream? TryLock(int first)
    {
        try
        {
            var folder = MachineFolder.Of("ports");
            if (!Directory.Exists(folder))
            {
                Directory.CreateDirectory(folder);
                File.SetUnixFileMode(folder, (UnixFileMode)0b001_111_111_111); // 1777, as /tmp itself
            }

            return new FileStream(
                Path.Combine(folder, first.ToString(CultureInfo.InvariantCulture)), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // Another copy's, perhaps another user's.
        }
    }

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // As servers do: connections of a former run that linger in TIME_WAIT are no obstacle.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.AddressNotAvailable; // no IPv6 on this machine's loopback
        }
    }
}
