using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Unit.Videos;

public sealed class LadderTests
{
    [Theory]
    [InlineData(1920, 1080, null, "1920x1080 1280x720 854x480 640x360 426x240")]
    [InlineData(1080, 1920, null, "1080x1920 720x1280 480x854 360x640 240x426")]
    [InlineData(3840, 2160, "4K", "3840x2160 2560x1440 1920x1080 1280x720 854x480 640x360 426x240")]
    [InlineData(3840, 2160, "720p", "1280x720 854x480 640x360 426x240")]
    [InlineData(1920, 1080, "480p", "854x480 640x360 426x240")]
    [InlineData(640, 480, "1080p", "640x480 480x360 320x240")]
    [InlineData(160, 120, "original", "160x120")]
    [InlineData(1600, 900, null, "1600x900 1280x720 854x480 640x360 426x240")]
    [InlineData(1366, 768, null, "1366x768 854x480 640x360 426x240")]
    [InlineData(3840, 800, null, "3840x800 3456x720 2304x480 1728x360 1152x240")]
    [InlineData(161, 121, null, "160x120")]
    [InlineData(100, 10, null, "100x10")]
    [InlineData(1, 1, null, "2x2")]
    [InlineData(7680, 4320, null, "3840x2160 2560x1440 1920x1080 1280x720 854x480 640x360 426x240")]
    [InlineData(16384, 1000, null, "4096x250")]
    public void A_source_gets_the_sizes_up_to_its_own(int width, int height, string? quality, string sizes) =>
        Assert.Equal(sizes, string.Join(' ', Ladder.For(width, height, 30, quality).Select(rung => $"{rung.Width}x{rung.Height}")));

    [Fact]
    public void Rungs_keep_their_promises_at_any_size()
    {
        var random = new Random(7);
        for (var i = 0; i < 5000; i++)
        {
            var (width, height) = (random.Next(2, PictureLimits.MaxSide), random.Next(2, PictureLimits.MaxSide));
            var rungs = Ladder.For(width, height, random.Next(1, 120), i % 2 == 0 ? null : "1080p");

            Assert.InRange(rungs.Count, 1, 7);
            Assert.All(rungs, rung =>
            {
                Assert.True(rung.Width % 2 == 0 && rung.Height % 2 == 0 && rung.Width >= 2 && rung.Height >= 2, $"{width}x{height}: {rung}");
                Assert.True(rung.Width <= width && rung.Height <= height, $"{width}x{height}: {rung}");
                Assert.True(Math.Max(rung.Width, rung.Height) <= Ladder.MaxLongSide, $"{width}x{height}: {rung}");
                Assert.Equal(Math.Min(rung.Width, rung.Height), rung.Name);
                // Within the two pixels that rounding to even can take.
                Assert.Equal(rung.Width * (double)height / width, rung.Height, 2 + (2.0 * height / width));
            });
            Assert.All(rungs.Zip(rungs.Skip(1)), pair => Assert.True(pair.First.Name > pair.Second.Name && pair.First.Kbps >= pair.Second.Kbps, $"{width}x{height}"));
        }
    }

    [Theory]
    [InlineData(3840, 2160, 12_000, 18_000)]
    [InlineData(1920, 1080, 4_500, 5_500)]
    [InlineData(1280, 720, 2_200, 3_000)]
    [InlineData(854, 480, 1_200, 1_600)]
    [InlineData(426, 240, 350, 500)]
    public void Rates_at_30_frames_are_what_is_usual(int width, int height, int least, int most) =>
        Assert.InRange(Ladder.Kbps(width, height, 30), least, most);

    [Fact]
    public void A_faster_video_gets_more_and_a_slower_one_less()
    {
        var rates = new[] { 1, 12, 24, 30, 50, 60 }.Select(rate => Ladder.Kbps(1280, 720, rate)).ToArray();

        Assert.Equal(rates.Order(), rates);
        Assert.InRange(rates[^1] / (double)rates[3], 1.3, 1.7);
        Assert.Equal(rates[^1], Ladder.Kbps(1280, 720, 240));
    }

    [Fact]
    public void An_unknown_quality_is_an_error() => Assert.Throws<ArgumentException>(() => Ladder.Cap("potato"));
}
