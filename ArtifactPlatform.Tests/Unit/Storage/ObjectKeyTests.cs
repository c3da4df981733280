using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core;
using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Tests.Unit.Storage;

public sealed class ObjectKeyTests
{
    [Theory]
    [InlineData("movie.MP4", ".mp4")]
    [InlineData("archive.tar.gz", ".gz")]
    [InlineData("noextension", "")]
    [InlineData("trailingdot.", "")]
    [InlineData("a.b/c", "")]
    [InlineData("a.../../x", "")]
    [InlineData("a.toolongextension", "")]
    [InlineData("a.ü", "")]
    [InlineData(".wav", ".wav")]
    public void Only_a_plain_extension_is_taken_from_a_name(string name, string extension) => Assert.Equal(extension, ObjectKeys.Extension(name));

    [Fact]
    public void Each_attempt_has_a_key_of_its_own()
    {
        Assert.Equal("uploads/abc/source_video.mp4", ObjectKeys.Artifact("abc", 1, ArtifactType.Video, "x.mp4"));
        Assert.Equal("uploads/abc/2/source_video.mp4", ObjectKeys.Artifact("abc", 2, ArtifactType.Video, "x.mp4"));
    }

    [Theory]
    [InlineData("my video.mp4", "temp/1/my-video.mp4")]
    [InlineData("../../etc/passwd", "temp/1/-..-etc-passwd")]
    [InlineData("...", "temp/1/file")]
    [InlineData("שלום", "temp/1/----")]
    public void A_temp_key_has_one_clean_last_segment(string name, string key) => Assert.Equal(key, ObjectKeys.Temp("1", name));

    [Theory]
    [InlineData("incoming/abc/source", "abc")]
    [InlineData("incoming/abc/other", null)]
    [InlineData("uploads/abc/source", null)]
    [InlineData("incoming/a/b/source", null)]
    public void Only_keys_of_awaited_uploads_name_an_artifact(string key, string? artifactId) => Assert.Equal(artifactId, ObjectKeys.IncomingArtifact(key));

    [Fact]
    public void Ids_are_24_hex_digits_and_sort_by_time()
    {
        var start = TimeProvider.System.GetUtcNow();
        var ids = Enumerable.Range(0, 100).Select(i => Ids.New(start.AddMilliseconds(i))).ToList();

        Assert.All(ids, id => Assert.Matches("^[0-9a-f]{24}$", id));
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
    }
}
