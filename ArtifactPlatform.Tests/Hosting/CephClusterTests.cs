using ArtifactPlatform.AppHost.Hosting.Native;

namespace ArtifactPlatform.Tests.Hosting;

public sealed class CephClusterTests : IDisposable
{
    private const long GiB = 1L << 30;
    private readonly string _root = Directory.CreateTempSubdirectory("ap-ceph-").FullName;

    private FileInfo Disk => new(Path.Combine(_root, "block"));

    [Theory]
    [InlineData(5, 4)]
    [InlineData(100, 90)]
    [InlineData(10_000, 4096)]
    public void A_new_disk_takes_nine_tenths_of_the_free_space_up_to_4_TiB(long freeGiB, long diskGiB) =>
        Assert.Equal(diskGiB * GiB, CephCluster.DiskBytes(Disk, freeGiB * GiB));

    [Fact]
    public void A_disk_keeps_its_size_when_less_is_free()
    {
        using (var file = Disk.Create())
        {
            file.SetLength(50 * GiB); // sparse
        }

        Assert.Equal(50 * GiB, CephCluster.DiskBytes(Disk, 1 * GiB));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
