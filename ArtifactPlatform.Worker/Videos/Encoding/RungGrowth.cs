using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>How far each rung of an encode has come, read off its file as it grows: ffmpeg's own figure is one for all. Not for several threads at once.</summary>
/// <param name="plan">What is made.</param>
/// <param name="folder">Where.</param>
internal sealed class RungGrowth(PackagePlan plan, string folder)
{
    private readonly GrowingFile[] files = [.. plan.Rungs.Select(rung => new GrowingFile(Path.Combine(folder, PackagePlan.VideoFile(rung))))];

    /// <returns>Each rung, highest first, with the share of its segments that are written: 0 to 1, and 0 while nobody knows how many there will be.</returns>
    public IEnumerable<(Rung Rung, double Share)> Look() => plan.Rungs.Zip(files, (rung, file) =>
        (rung, plan.Source.Duration is > 0 and var whole ? Math.Min(1, file.Fragments() * PackageArguments.SegmentSeconds / whole) : 0));

    /// <summary>Counts whole fragments, from where it stopped the last time on.</summary>
    private sealed class GrowingFile(string path)
    {
        private readonly byte[] header = new byte[16];
        private long at;
        private int fragments;

        public int Fragments()
        {
            if (!File.Exists(path))
            {
                return 0;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            for (var length = file.Length; at + header.Length <= length;)
            {
                file.Position = at;
                file.ReadExactly(header);
                var (type, size) = Mp4Layout.ReadHeader(header, length - at);
                if (size < 8 || at + size > length)
                {
                    break;
                }

                // A fragment is a header, then its bytes.
                fragments += type == "mdat" ? 1 : 0;
                at += size;
            }

            return fragments;
        }
    }
}
