using System.Buffers.Binary;
using System.Numerics;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>CRC-32C of what has been read of a file so far. It tells a file from the one that took its place, not from a forgery: the source may give what it likes.</summary>
internal sealed class PrefixChecksum
{
    public uint Value { get; private set; } = uint.MaxValue;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = Value;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var last in bytes)
        {
            crc = BitOperations.Crc32C(crc, last);
        }

        Value = crc;
    }

    /// <summary>The stream, each byte that is read from it added here.</summary>
    public Stream Follow(Stream body) => new Followed(this, body);

    private sealed class Followed(PrefixChecksum sum, Stream body) : ForwardStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await body.ReadAsync(buffer, cancellationToken);
            sum.Add(buffer.Span[..read]);
            return read;
        }

        public override async ValueTask DisposeAsync()
        {
            await body.DisposeAsync();
            await base.DisposeAsync();
        }

        protected override void Dispose(bool disposing)
        {
            body.Dispose();
            base.Dispose(disposing);
        }
    }
}
