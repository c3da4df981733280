using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Unit.Videos;

public sealed class FrameGridTests
{
    [Theory]
    [InlineData(29.9, null, "1:30")]
    [InlineData(23.9, "90000/1", "1:24")]
    [InlineData(12, null, "1:60")]
    [InlineData(20, "30000/1001", "1001:30000")]
    [InlineData(20, "120/1", "1:60")]
    public void Varying_frame_times_get_a_grid(double rate, string? own, string grid)
    {
        var video = new SourceVideo
        {
            Index = 0, Codec = "hevc", Tag = "", Profile = "", PixelFormat = "yuv420p", CodedWidth = 2, CodedHeight = 2, Width = 2, Height = 2,
            Rotation = 0, HasSquarePixels = true, IsInterlaced = false, FrameRate = rate, IsVariableRate = true, GridFraction = own, Start = 0,
        };

        Assert.Equal(grid, PackageArguments.Grid(video));
    }
}
