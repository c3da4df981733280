using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Unit.Videos;

public sealed class CodecStringTests
{
    [Fact]
    public void Codecs_are_read_off_the_set_up_data()
    {
        Assert.Equal("avc1.4d401f", CodecString.Avc([1, 0x4d, 0x40, 0x1f, 0xff]));
        byte[] descriptors = [0, 0, 0, 0, 3, 0x80, 0x80, 0x80, 0x19, 0, 1, 0, 4, 0x80, 0x80, 0x80, 0x11, 0x40, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0x12, 0x10];
        Assert.Equal("mp4a.40.2", CodecString.Aac(descriptors));
        descriptors[^2] = 0x2b;
        Assert.Equal("mp4a.40.5", CodecString.Aac(descriptors));
    }
}
