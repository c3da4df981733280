using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Unit.Videos;

public sealed class StoryboardLayoutTests
{
    [Theory]
    [InlineData(0.04, 1, 0.2)]
    [InlineData(1, 5, 0.2)]
    [InlineData(20, 100, 0.2)]
    [InlineData(60, 100, 0.6)]
    [InlineData(100, 100, 1)]
    [InlineData(101, 26, 4)]
    [InlineData(400, 100, 4)]
    [InlineData(3600, 100, 36)]
    [InlineData(36000, 100, 360)]
    public void A_storyboard_has_at_most_a_hundred_tiles(double seconds, int count, double interval)
    {
        var sheet = StoryboardLayout.OfTrack(seconds, 426, 240, 30).Sheet;

        Assert.Equal((count, interval, 160, 90), (sheet.Count, sheet.IntervalSeconds, sheet.TileWidth, sheet.TileHeight));
        Assert.InRange(sheet.Columns * sheet.Rows, count, count + 9);
    }

    [Fact]
    public void A_large_copied_picture_is_not_decoded_whole_for_its_tiles()
    {
        Assert.False(StoryboardLayout.OfTrack(10, 1920, 1080, 30).KeyframesOnly);
        Assert.True(StoryboardLayout.OfTrack(60, 1280, 720, 30).KeyframesOnly);
        Assert.Equal((15, 4.0), (StoryboardLayout.OfTrack(60, 1280, 720, 30).Sheet.Count, StoryboardLayout.OfTrack(60, 1280, 720, 30).Sheet.IntervalSeconds));
    }
}
