using System.Buffers.Binary;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Unit.Videos;

public sealed class PeakSinkTests
{
    [Fact]
    public async Task Peaks_stay_within_bounds_however_they_arrive()
    {
        await using var sink = new PeakSink(3);
        var bytes = new byte[2 * 3 * 5000];
        new Random(3).NextBytes(bytes);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            await sink.WriteAsync(bytes.AsMemory(at, Math.Min(7, bytes.Length - at)), CancellationToken.None);
        }

        Assert.Equal(Waveform.MaxPoints, sink.Peaks.Count);
        Assert.All(sink.Peaks, peak => Assert.InRange(peak, 0, 1));
        Assert.Equal(Enumerable.Range(0, 3).Max(i => Math.Abs((int)BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(2 * i)))) / 32767.0, sink.Peaks[0], 0.0001);
    }
}
