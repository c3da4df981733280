namespace ArtifactPlatform.Tests.Ingest;

/// <summary>Makes wav files of an exact length: 16-bit stereo noise at 48 kHz.</summary>
public static class WavFile
{
    public const int HeaderBytes = 44;

    /// <param name="fileBytes">Length of the whole file.</param>
    public static byte[] Header(long fileBytes)
    {
        var header = new byte[HeaderBytes];
        using var writer = new BinaryWriter(new MemoryStream(header));
        writer.Write("RIFF"u8);
        writer.Write((uint)(fileBytes - 8));
        writer.Write("WAVEfmt "u8);
        writer.Write(16);
        writer.Write((short)1);
        writer.Write((short)2);
        writer.Write(48_000);
        writer.Write(192_000);
        writer.Write((short)4);
        writer.Write((short)16);
        writer.Write("data"u8);
        writer.Write((uint)(fileBytes - HeaderBytes));
        return header;
    }

    /// <param name="seed">Files of different seeds differ.</param>
    public static byte[] Of(int fileBytes, int seed = 3)
    {
        var samples = new byte[fileBytes - HeaderBytes];
        new Random(seed).NextBytes(samples);
        return [.. Header(fileBytes), .. samples];
    }
}
