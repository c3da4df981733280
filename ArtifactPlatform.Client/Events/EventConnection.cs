using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;

namespace ArtifactPlatform.Client;

/// <summary>One open stream of server-sent events (WHATWG HTML, 9.2).</summary>
internal sealed class EventConnection(HttpResponseMessage response, Stream body) : IDisposable
{
    /// <summary>Three of the server's heartbeats: a connection that is silent for longer is dead, though TCP may not know it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly StreamReader reader = new(body, Encoding.UTF8);

    /// <summary>The next event; null when the connection has ended or broken.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled.</exception>
    public async Task<PlatformEvent?> NextAsync(CancellationToken ct)
    {
        try
        {
            var data = new StringBuilder();
            while (await ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("data:", StringComparison.Ordinal))
                {
                    data.Append(line.AsSpan(5).TrimStart(' '));
                }
                else if (line.Length == 0 && data.Length > 0)
                {
                    return JsonSerializer.Deserialize<PlatformEvent>(data.ToString(), ContractJson.Options);
                }
            }

            return null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        response.Dispose();
    }

    private async Task<string?> ReadLineAsync(CancellationToken ct)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(ct);
        silence.CancelAfter(Silence);
        return await reader.ReadLineAsync(silence.Token);
    }
}
