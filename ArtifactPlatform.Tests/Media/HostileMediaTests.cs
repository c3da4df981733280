using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests.Media;

public sealed class HostileMediaTests
{
    [Fact]
    public async Task Random_bytes_behind_a_true_signature_are_refused()
    {
        byte[][] signatures = [[0x1a, 0x45, 0xdf, 0xa3], "FLV\u0001"u8.ToArray(), "OggS"u8.ToArray(), "fLaC"u8.ToArray(), "RIFF\u0010\u0010\u0010\u0010WAVE"u8.ToArray(), "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000"u8.ToArray()];
        for (var i = 0; i < signatures.Length; i++)
        {
            var bytes = new byte[50_000];
            new Random(i).NextBytes(bytes);
            signatures[i].CopyTo(bytes, 0);
            var path = await TestMedia.BytesAsync($"signed-{i}.bin", bytes);

            Assert.Contains((await MediaStack.RejectedAsync(path, ArtifactType.Audio)).Code, new[] { "media_unreadable", "not_media", "no_audio_stream" });
        }
    }

    [Fact]
    public async Task An_mp4_that_ends_before_its_index_is_named_as_such()
    {
        var path = await TestMedia.CutShortAsync("no-index.mp4", () => TestMedia.Mp4IndexLastAsync(), 0.6);

        var e = await MediaStack.RejectedAsync(path, ArtifactType.Video);

        Assert.Equal("mp4_without_moov", e.Code);
        Assert.Contains("index", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.97)]
    public async Task An_mp4_with_its_index_in_front_but_cut_short_is_truncated(double share)
    {
        var path = await TestMedia.CutShortAsync($"short-{share}.mp4", () => TestMedia.Mp4Async(), share);

        Assert.Equal("truncated", (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
    }

    [Fact]
    public async Task Other_containers_that_were_cut_short_are_truncated()
    {
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.mkv", () => TestMedia.MkvAsync(4), 0.5), ArtifactType.Video)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.webm", () => TestMedia.WebmAsync(4), 0.5), ArtifactType.Video)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.avi", () => TestMedia.AviAsync(4), 0.5), ArtifactType.Video)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.wav", () => TestMedia.WavAsync(), 0.5), ArtifactType.Audio)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.flac", () => TestMedia.FlacAsync(), 0.5), ArtifactType.Audio)).Code);
        Assert.Equal("truncated", (await MediaStack.RejectedAsync(await TestMedia.CutShortAsync("short.mp3", () => TestMedia.Mp3VbrAsync(6, xing: true), 0.5), ArtifactType.Audio)).Code);
    }

    [Fact]
    public async Task A_file_of_the_wrong_kind_says_which_kind_it_is()
    {
        Assert.Equal("no_video_stream", (await MediaStack.RejectedAsync(await TestMedia.WavAsync(), ArtifactType.Video)).Code);
        Assert.Equal("no_audio_stream", (await MediaStack.RejectedAsync(await TestMedia.VideoOnlyMp4Async(), ArtifactType.Audio)).Code);
    }

    [Fact]
    public async Task Encrypted_media_is_refused() =>
        Assert.Equal("encrypted_media", (await MediaStack.RejectedAsync(await TestMedia.EncryptedMp4Async(), ArtifactType.Video)).Code);

    [Fact]
    public async Task Pictures_that_can_not_be_decoded_are_refused()
    {
        // The index is whole, the pictures are noise.
        var path = await TestMedia.ChangeAsync("noise.mp4", () => TestMedia.VideoOnlyMp4Async(), bytes =>
        {
            var media = bytes.AsSpan().IndexOf("mdat"u8) + 4;
            var index = bytes.AsSpan().IndexOf("moov"u8) - 4;
            new Random(1).NextBytes(bytes.AsSpan(media, index - media));
            return bytes;
        });

        Assert.Equal("media_unreadable", (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
    }

    [Fact]
    public async Task Too_many_streams_are_refused()
    {
        var path = await TestMedia.MakeAsync("many.mkv", ["-f", "lavfi", "-i", "sine=d=0.1"], [.. Enumerable.Repeat(new[] { "-map", "0:a" }, 70).SelectMany(m => m)], ["-c:a", "pcm_s16le"]);

        Assert.Equal("too_many_streams", (await MediaStack.RejectedAsync(path, ArtifactType.Audio)).Code);
    }
}
