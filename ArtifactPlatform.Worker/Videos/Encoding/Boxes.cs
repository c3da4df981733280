using System.Buffers.Binary;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>Finds boxes inside boxes of files that ffmpeg wrote here (ISO/IEC 14496-12 §4.2): all small, none with a 64-bit size.</summary>
internal static class Boxes
{
    /// <returns>What is in the box at the end of the path, the first of each name.</returns>
    /// <exception cref="InvalidDataException">It is not there.</exception>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> parent, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            parent = Child(parent, name);
        }

        return parent;
    }

    /// <returns>What is in each box of that name.</returns>
    public static IEnumerable<byte[]> All(byte[] parent, string name)
    {
        for (var at = 0; at + 8 <= parent.Length;)
        {
            var size = Size(parent.AsSpan(at));
            if (Name(parent.AsSpan(at)) == name)
            {
                yield return parent[(at + 8)..(at + size)];
            }

            at += size;
        }
    }

    private static ReadOnlySpan<byte> Child(ReadOnlySpan<byte> parent, string name)
    {
        while (parent.Length >= 8)
        {
            var size = Size(parent);
            if (Name(parent) == name)
            {
                return parent[8..size];
            }

            parent = parent[size..];
        }

        throw new InvalidDataException($"The box {name} is missing.");
    }

    private static int Size(ReadOnlySpan<byte> box) =>
        BinaryPrimitives.ReadInt32BigEndian(box) is >= 8 and var size && size <= box.Length ? size : throw new InvalidDataException("A box ends outside its parent.");

    private static string Name(ReadOnlySpan<byte> box) => System.Text.Encoding.Latin1.GetString(box[4..8]);
}
