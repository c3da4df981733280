using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// The 200 ports of one copy of the platform, below those that the kernel hands out by itself (from 32768). Kept over restarts, so that
/// presigned URLs stay valid. The copy listens on the first one as long as it runs: that keeps copies that start together apart.
/// </summary>
internal sealed class PortBlock : IDisposable
{
    public const int First = 20_000;
    public const int Count = 60;
    public const int Size = 200;
    private readonly TcpListener _claim;
    private int _last;

    private PortBlock(TcpListener claim) => (_claim, _last) = (claim, ((IPEndPoint)claim.LocalEndpoint).Port);

    /// <summary>The upper half, for a program that looks for free ports by itself (Ceph's OSD takes four).</summary>
    public (int From, int To) Rest => (_last - (_last % Size) + (Size / 2), _last - (_last % Size) + Size - 1);

    /// <summary>The block of last time if it is free, else another one.</summary>
    public static PortBlock Claim(string file)
    {
        var remembered = File.Exists(file) && int.TryParse(File.ReadAllText(file), out var number) ? number : 0;
        foreach (var first in Enumerable.Range(0, Count).Select(i => First + (i * Size)).Shuffle().OrderByDescending(first => first == remembered))
        {
            try
            {
                var claim = new TcpListener(IPAddress.Loopback, first);
                claim.Start();
                File.WriteAllText(file, $"{first}");
                return new PortBlock(claim);
            }
            catch (SocketException)
            {
                // Another copy's.
            }
        }

        throw new CannotStartException($"every port of {First}, {First + Size}, {First + Size + Size} … is in use; stop another copy of the platform");
    }

    public static bool IsFree(int port) => !Array.Exists(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), listener => listener.Port == port);

    public int Next()
    {
        while (!IsFree(++_last))
        {
        }

        return _last;
    }

    public void Dispose() => _claim.Dispose();
}
