using ArtifactPlatform.Api.Videos;

namespace ArtifactPlatform.Tests.Unit.Videos;

public sealed class WebVttTests
{
    [Theory]
    [InlineData("a --> b", "a --&gt; b")]
    [InlineData("R&B, 2 < 3 > 1", "R&amp;B, 2 &lt; 3 &gt; 1")]
    [InlineData("Tom &amp; Jerry", "Tom &amp; Jerry")]
    [InlineData("<i>so</i> <B>so</B> <u>so</u>", "<i>so</i> <b>so</b> <u>so</u>")]
    [InlineData("{\\an8}<font color=\"#ff0000\">red</font>", "red")]
    public void What_srt_means_as_text_stays_text(string srt, string vtt) =>
        Assert.Equal($"WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n{vtt}\n\n", WebVtt.From($"1\n00:00:01,000 --> 00:00:02,000\n{srt}\n").Vtt);

    [Fact]
    public void Webvtt_keeps_its_own_markup()
    {
        const string Cue = "00:00:01.000 --> 00:00:02.000 align:start\n<v Kim>1 &lt; 2</v>";

        Assert.Equal($"WEBVTT\n\n{Cue}\n\n", WebVtt.From($"WEBVTT\n\n{Cue}\n").Vtt);
    }
}
