using System.Net.ServerSentEvents;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;

namespace ArtifactPlatform.Client;

/// <summary>One open stream of server-sent events.</summary>
internal sealed class EventConnection(HttpResponseMessage response, Stream body, CancellationToken ct) : IAsyncDisposable
{
    /// <summary>Three of the server's heartbeats. A connection that is silent for longer is dead, even if TCP does not know it.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly IAsyncEnumerator<SseItem<PlatformEvent?>> items = SseParser
        .Create(new TimedStream(body, Silence), (_, data) => JsonSerializer.Deserialize<PlatformEvent>(data, ContractJson.Options))
        .EnumerateAsync(ct)
        .GetAsyncEnumerator(CancellationToken.None);

    /// <summary>The next event; null when the connection has ended or broken.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async Task<PlatformEvent?> NextAsync()
    {
        try
        {
            return await items.MoveNextAsync() ? items.Current.Data : null;
        }
        catch (Exception e) when (e is IOException or HttpRequestException or JsonException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await items.DisposeAsync();
        response.Dispose();
    }

    /// <summary>Ends a read that takes longer than <paramref name="limit"/> with an <see cref="OperationCanceledException"/>. Heartbeats are comments, which the parser reads but does not report.</summary>
    private sealed class TimedStream(Stream inner, TimeSpan limit) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            timeout.CancelAfter(limit);
            return await inner.ReadAsync(buffer, timeout.Token);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
