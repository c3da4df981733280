using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>
/// Asks a Ceph daemon directly (the "admin socket": a JSON command that ends with a NUL, answered by a big-endian length
/// and that many bytes). The ceph tool does the same but takes half a second to start.
/// </summary>
internal static class CephAdminSocket
{
    private const int LargestAnswerBytes = 1 << 20;

    /// <summary>Null as long as the daemon does not answer.</summary>
    public static async Task<JsonElement?> AskAsync(string path, string command, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), limit.Token);
            await using var stream = new NetworkStream(socket);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{{\"prefix\":\"{command}\",\"format\":\"json\"}}\0"), limit.Token);
            var header = new byte[sizeof(int)];
            await stream.ReadExactlyAsync(header, limit.Token);
            var answer = new byte[Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(header), 0, LargestAnswerBytes)];
            await stream.ReadExactlyAsync(answer, limit.Token);
            return JsonSerializer.Deserialize<JsonElement>(answer);
        }
        catch (Exception e) when (e is SocketException or IOException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }
}
