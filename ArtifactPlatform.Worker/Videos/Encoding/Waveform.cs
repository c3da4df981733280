using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Draws sound: the loudest sample of each of up to <see cref="MaxPoints"/> stretches.</summary>
public sealed class Waveform(MediaProcess process)
{
    public const int MaxPoints = 2000;

    /// <summary>Points a second at most: what can be told apart on a screen.</summary>
    private const int MaxRate = 20;

    /// <summary>Writes <see cref="PackageFiles.Waveform"/>: <c>{"version":1,"samples_per_second":20,"peaks":[0.125,…]}</c>, peaks from 0 to 1.</summary>
    /// <param name="audio">A track of a package.</param>
    /// <param name="folder">Holds the track, and gets the file.</param>
    /// <param name="ct">Ends the run.</param>
    /// <exception cref="MediaProcessException">ffmpeg could not run or was killed.</exception>
    public async Task RunAsync(AudioRendition audio, string folder, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(audio);
        var seconds = audio.Track.Segments.Sum(segment => segment.Seconds);
        var rate = Math.Min(MaxRate, MaxPoints / Math.Max(seconds, 0.001));
        await using var sink = new PeakSink((long)Math.Ceiling(audio.SampleRate / rate) * audio.Channels);
        await process.RunAsync(
            new MediaCommand
            {
                Tool = MediaTool.Ffmpeg,
                Purpose = "waveform",
                // The channels as they are: mixed to one, opposite ones would be silent.
                Arguments = [.. InputArguments.For(MediaInput.FromFile(Path.Combine(folder, audio.Track.File)), process.Options), "-f", "s16le", "-c:a", "pcm_s16le", "pipe:1"],
                TimeLimit = process.Options.ScanTimeLimit,
                Output = sink,
                OutputLimitBytes = long.MaxValue,
            },
            ct);
        await File.WriteAllBytesAsync(Path.Combine(folder, PackageFiles.Waveform), Json(audio.SampleRate / Math.Ceiling(audio.SampleRate / rate), sink.Peaks), ct);
    }

    private static byte[] Json(double samplesPerSecond, IEnumerable<double> peaks)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            json.WriteNumber("samples_per_second", Math.Round(samplesPerSecond, 6));
            json.WriteStartArray("peaks");
            foreach (var peak in peaks)
            {
                json.WriteRawValue(peak.ToString("0.###", CultureInfo.InvariantCulture));
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }
}

/// <summary>Takes 16-bit samples and keeps the peak of every so many.</summary>
/// <param name="samplesPerPoint">Of all channels together.</param>
internal sealed class PeakSink(long samplesPerPoint) : Stream
{
    private readonly List<double> _peaks = new(Waveform.MaxPoints);
    private long _taken;
    private int _peak;
    private byte? _odd;

    public IReadOnlyList<double> Peaks => _taken > 0 && _peaks.Count < Waveform.MaxPoints ? [.. _peaks, Share(_peak)] : _peaks;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Take(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Take(buffer.AsSpan(offset, count));
        return Task.CompletedTask;
    }

    public override void Write(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Take(ReadOnlySpan<byte> bytes)
    {
        if (_odd is { } first && bytes.Length > 0)
        {
            Add(BinaryPrimitives.ReadInt16LittleEndian([first, bytes[0]]));
            bytes = bytes[1..];
            _odd = null;
        }

        for (; bytes.Length >= 2; bytes = bytes[2..])
        {
            Add(BinaryPrimitives.ReadInt16LittleEndian(bytes));
        }

        _odd = bytes.Length == 1 ? bytes[0] : _odd;
    }

    private void Add(short sample)
    {
        _peak = Math.Max(_peak, Math.Abs((int)sample));
        if (++_taken < samplesPerPoint)
        {
            return;
        }

        if (_peaks.Count < Waveform.MaxPoints)
        {
            _peaks.Add(Share(_peak));
        }

        (_peak, _taken) = (0, 0);
    }

    private static double Share(int peak) => Math.Min(1, peak / 32767.0);
}
