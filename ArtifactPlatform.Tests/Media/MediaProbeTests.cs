using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests.Media;

public sealed class MediaProbeTests
{
    private const double Frame = 1.0 / 30;

    [Fact]
    public async Task An_mp4_is_described_as_a_viewer_sees_it()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.Mp4Async(2), ArtifactType.Video);

        Assert.Equal("video/mp4", result.ContentType);
        Assert.Equal(2, result.DurationSeconds, Frame);
        Assert.Equal(
            ("mp4", "h264", "aac", 160, 120, 0, 30.0, false, 2, 48000, null),
            (result.Media.Container, result.Media.VideoCodec, result.Media.AudioCodec, result.Media.Width, result.Media.Height, result.Media.Rotation, result.Media.FrameRate, result.Media.VariableFrameRate, result.Media.Channels, result.Media.SampleRate, result.Media.Hdr));
        Assert.Equal(["video", "audio"], result.Media.Streams.Select(s => s.Kind));
        Assert.InRange(result.Media.BitRate ?? 0, 10_000, 10_000_000);
    }

    public static TheoryData<string, string, string, string?, string?> Kinds => new()
    {
        { nameof(TestMedia.Mp4IndexLastAsync), "video/mp4", "mp4", "h264", "aac" },
        { nameof(TestMedia.FragmentedMp4Async), "video/mp4", "mp4", "h264", "aac" },
        { nameof(TestMedia.VideoOnlyMp4Async), "video/mp4", "mp4", "h264", null },
        { nameof(TestMedia.WebmAsync), "video/webm", "webm", "vp9", "opus" },
        { nameof(TestMedia.WebmLiveAsync), "video/webm", "webm", "vp9", "opus" },
        { nameof(TestMedia.MkvAsync), "video/x-matroska", "matroska", "h264", "aac" },
        { nameof(TestMedia.TransportStreamAsync), "video/mp2t", "mpegts", "h264", "aac" },
        { nameof(TestMedia.FlvAsync), "video/x-flv", "flv", "h264", "aac" },
        { nameof(TestMedia.AviAsync), "video/x-msvideo", "avi", "mpeg4", "mp3" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Every_container_gets_its_exact_length(string maker, string contentType, string container, string? video, string? audio)
    {
        var path = await MakeAsync(maker, 2);

        var result = await MediaStack.ProbeAsync(path, ArtifactType.Video);

        Assert.Equal((contentType, container, video, audio), (result.ContentType, result.Media.Container, result.Media.VideoCodec, result.Media.AudioCodec));
        // FLV and AVI can't say how much of the first and last sound packets is padding.
        Assert.Equal(2, result.DurationSeconds, container is "flv" or "avi" ? 0.06 : Frame + 0.001);
        Assert.Equal(30, result.Media.FrameRate ?? 0, 0.05);
        Assert.False(result.Media.VariableFrameRate);
    }

    public static TheoryData<string, string, string, string> Sounds => new()
    {
        { nameof(TestMedia.M4aAsync), "audio/mp4", "m4a", "aac" },
        { nameof(TestMedia.AdtsAsync), "audio/aac", "aac", "aac" },
        { nameof(TestMedia.WavAsync), "audio/wav", "wav", "pcm_s16le" },
        { nameof(TestMedia.WavStreamedAsync), "audio/wav", "wav", "pcm_s16le" },
        { nameof(TestMedia.FlacAsync), "audio/flac", "flac", "flac" },
        { nameof(TestMedia.OpusAsync), "audio/ogg", "ogg", "opus" },
        { nameof(TestMedia.VorbisAsync), "audio/ogg", "ogg", "vorbis" },
        { nameof(TestMedia.Mp3Async), "audio/mpeg", "mp3", "mp3" },
        { nameof(TestMedia.Mp3VbrAsync), "audio/mpeg", "mp3", "mp3" },
    };

    [Theory]
    [MemberData(nameof(Sounds))]
    public async Task Every_kind_of_sound_gets_the_length_that_decoding_gives(string maker, string contentType, string container, string codec)
    {
        var path = await MakeAsync(maker, 3);

        var result = await MediaStack.ProbeAsync(path, ArtifactType.Audio);

        Assert.Equal((contentType, container, codec), (result.ContentType, result.Media.Container, result.Media.AudioCodec));
        // Bare AAC and MP3 without a header can't say how much of their first and last frames is padding.
        Assert.Equal(3, result.DurationSeconds, container is "aac" || maker == nameof(TestMedia.Mp3VbrAsync) ? 0.06 : 0.001);
        Assert.Equal((null, null), (result.Media.VideoCodec, result.Media.Width));
        var stream = Assert.Single(result.Media.Streams);
        Assert.Equal(result.DurationSeconds, stream.Duration);
        if (codec == "mp3")
        {
            // The file is little but this stream.
            Assert.Equal(result.Media.BitRate ?? 0, stream.BitRate ?? 0, (result.Media.BitRate ?? 0) * 0.03);
        }
    }

    [Fact]
    public async Task A_cover_picture_is_no_video()
    {
        var path = await TestMedia.M4aAsync(2, cover: true);

        var result = await MediaStack.ProbeAsync(path, ArtifactType.Audio);

        Assert.Equal(("audio/mp4", null, null), (result.ContentType, result.Media.VideoCodec, result.Media.Width));
        Assert.Contains(result.Media.Streams, s => s.AttachedPicture);
        Assert.Equal("no_video_stream", (await MediaStack.RejectedAsync(path, ArtifactType.Video)).Code);
    }

    [Fact]
    public async Task Ten_bit_hdr_is_seen()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.HevcTenBitAsync(), ArtifactType.Video);

        Assert.Equal(("hevc", "hdr10"), (result.Media.VideoCodec, result.Media.Hdr));
        Assert.Equal(("yuv420p10le", "Main 10", "smpte2084"), (result.Media.Streams[0].PixelFormat, result.Media.Streams[0].Profile, result.Media.Streams[0].ColorTransfer));
        Assert.Equal("hlg", (await MediaStack.ProbeAsync(await TestMedia.HlgAsync(), ArtifactType.Video)).Media.Hdr);
    }

    [Fact]
    public async Task A_rotated_picture_is_measured_as_it_is_shown()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.RotatedMp4Async(), ArtifactType.Video);

        Assert.Equal((90, 120, 160), (result.Media.Rotation, result.Media.Width, result.Media.Height));
        Assert.Equal((160, 120), (result.Media.Streams[0].Width, result.Media.Streams[0].Height));
    }

    [Fact]
    public async Task Oblong_pixels_are_made_square()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.AnamorphicMp4Async(), ArtifactType.Video);

        Assert.Equal((192, 120, "4:3"), (result.Media.Width, result.Media.Height, result.Media.Streams[0].SampleAspectRatio));
    }

    [Fact]
    public async Task A_varying_frame_rate_is_noticed()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.VariableRateMp4Async(), ArtifactType.Video);

        Assert.True(result.Media.VariableFrameRate);
        Assert.Equal(3, result.DurationSeconds, Frame);
    }

    [Fact]
    public async Task Surround_sound_and_interlaced_pictures_are_described()
    {
        var surround = await MediaStack.ProbeAsync(await TestMedia.SurroundMp4Async(), ArtifactType.Video);
        var interlaced = await MediaStack.ProbeAsync(await TestMedia.InterlacedMp4Async(), ArtifactType.Video);

        Assert.Equal((6, "5.1"), (surround.Media.Channels, surround.Media.Streams[1].ChannelLayout));
        Assert.Equal("tt", interlaced.Media.Streams[0].FieldOrder);
    }

    [Fact]
    public async Task Prores_in_a_mov_is_a_quicktime_movie()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.ProResMovAsync(), ArtifactType.Video);

        Assert.Equal(("video/quicktime", "mov", "prores", "pcm_s16le"), (result.ContentType, result.Media.Container, result.Media.VideoCodec, result.Media.AudioCodec));
        Assert.Equal(1, result.DurationSeconds, 0.001);
    }

    [Fact]
    public async Task The_sound_of_a_video_can_be_taken_as_audio()
    {
        var result = await MediaStack.ProbeAsync(await TestMedia.Mp4Async(2), ArtifactType.Audio);

        Assert.Equal(2, result.DurationSeconds, Frame);
    }

    private static Task<string> MakeAsync(string maker, double seconds)
    {
        var method = typeof(TestMedia).GetMethod(maker)!;
        object?[] arguments = [seconds, .. method.GetParameters().Skip(1).Select(p => p.DefaultValue)];
        return (Task<string>)method.Invoke(null, arguments)!;
    }
}
