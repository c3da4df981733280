using System.Buffers.Binary;
using System.Text;

namespace ArtifactPlatform.Worker.Media;

/// <summary>The outermost boxes of an MP4 or QuickTime file: whether the index is there, and whether the file is as long as it says.</summary>
/// <param name="IndexAt">Where a <c>moov</c> begins that lies wholly in the file; null when there is none.</param>
/// <param name="IsFragmented">Media comes in <c>moof</c> pieces; boxes behind the first are not looked at.</param>
/// <param name="DeclaredBytes">Where the last box ends by its own account; above the file's size when the end is missing.</param>
internal sealed record Mp4Layout(long? IndexAt, bool IsFragmented, long DeclaredBytes)
{
    /// <summary>A plain file has a handful; each costs a request.</summary>
    private const int MaxBoxes = 64;

    private const int HeaderBytes = 16;

    private static readonly string[] FragmentBoxes = ["moof", "styp", "sidx"];

    public static async Task<Mp4Layout> ReadAsync(FileWindow file, CancellationToken ct)
    {
        var sizeBytes = file.SizeBytes;
        long? index = null;
        long at = 0;
        for (var boxes = 0; at < sizeBytes && boxes < MaxBoxes; boxes++)
        {
            var header = await file.ReadAsync(at, HeaderBytes, ct);
            var (type, size) = ReadHeader(header, sizeBytes - at);
            if (FragmentBoxes.Contains(type))
            {
                return new(index, true, sizeBytes);
            }

            if (size < 8)
            {
                // Padding or rubbish behind the last box: players ignore it.
                break;
            }

            // An index that is cut off itself is no index.
            index ??= type == "moov" && at + size <= sizeBytes ? at : null;
            at = checked(at + size);
        }

        return new(index, false, at);
    }

    /// <exception cref="MediaRejectedException">The index or the end is missing.</exception>
    public Mp4Layout Check(long sizeBytes) =>
        IndexAt is null && !IsFragmented ? throw ReadMedia.MissingIndex()
        : DeclaredBytes > sizeBytes ? throw new MediaRejectedException(
            RejectionCodes.Truncated,
            $"The file was cut off: it says that it has {DeclaredBytes} bytes, and {sizeBytes} are there. Upload the complete file.")
        : this;

    /// <summary>ISO/IEC 14496-12 §4.2: 32-bit size and type; size 1 = 64 bits follow, size 0 = to the end of the file.</summary>
    internal static (string Type, long Size) ReadHeader(ReadOnlySpan<byte> header, long rest)
    {
        if (header.Length < 8)
        {
            return ("", 0);
        }

        var type = Encoding.Latin1.GetString(header[4..8]);
        var size = (long)BinaryPrimitives.ReadUInt32BigEndian(header);
        return size switch
        {
            0 => (type, rest),
            1 when header.Length >= HeaderBytes => (type, (long)Math.Min(BinaryPrimitives.ReadUInt64BigEndian(header[8..]), 1UL << 62)),
            1 => (type, 0),
            _ => (type, size),
        };
    }
}
