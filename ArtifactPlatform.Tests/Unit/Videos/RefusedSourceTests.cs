using System.Text;
using ArtifactPlatform.Tests.Unit.Media;
using ArtifactPlatform.Worker.Media;
using ArtifactPlatform.Worker.Videos.Encoding;

namespace ArtifactPlatform.Tests.Unit.Videos;

/// <summary>Sources that are rejected by their first bytes, before ffprobe sees them.</summary>
public sealed class RefusedSourceTests
{
    [Theory]
    [InlineData("list.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n", "playlist_not_allowed")]
    [InlineData("list.ffconcat", "ffconcat version 1.0\nfile '/etc/passwd'\n", "playlist_not_allowed")]
    [InlineData("words.mp4", "This is a text and not a video.\n", "not_media")]
    [InlineData("nothing.mp4", "", "empty_file")]
    public async Task What_is_no_media_is_refused_by_what_it_is(string name, string content, string code) =>
        Assert.Equal(code, (await WithoutPrograms.RejectedAsync(name, Encoding.UTF8.GetBytes(content), InspectAsync)).Code);

    private static Task InspectAsync(ProbeInput input) => new InspectSource(WithoutPrograms.Media).RunAsync(input, TestContext.Current.CancellationToken);
}
