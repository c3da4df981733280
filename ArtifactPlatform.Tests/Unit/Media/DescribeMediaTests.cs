using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Unit.Media;

public sealed class DescribeMediaTests
{
    /// <summary>As a phone writes it: portrait, HDR, sound, and tracks of its own.</summary>
    private const string Phone = """
        { "streams": [
          { "index": 0, "codec_name": "hevc", "profile": "Main 10", "codec_type": "video", "codec_tag_string": "hvc1", "width": 1920, "height": 1080, "sample_aspect_ratio": "1:1",
            "pix_fmt": "yuv420p10le", "color_transfer": "arib-std-b67", "field_order": "progressive", "r_frame_rate": "30/1", "avg_frame_rate": "15570/519", "time_base": "1/600", "bit_rate": "8213450",
            "disposition": { "default": 1, "attached_pic": 0 }, "tags": { "language": "und" },
            "side_data_list": [ { "side_data_type": "DOVI configuration record" }, { "side_data_type": "Display Matrix", "rotation": -90 } ] },
          { "index": 1, "codec_name": "aac", "profile": "LC", "codec_type": "audio", "sample_rate": "44100", "channels": 2, "channel_layout": "stereo", "disposition": { "default": 1 }, "tags": { "language": "eng" } },
          { "index": 2, "codec_type": "data", "codec_tag_string": "mebx", "disposition": { "default": 1 } }
        ], "format": { "format_name": "mov,mp4,m4a,3gp,3g2,mj2", "start_time": "0.000000", "duration": "17.3", "probe_score": 100, "tags": { "major_brand": "qt  " } } }
        """;

    /// <summary>A broadcast recording: interlaced, oblong pixels, two languages, the picture not first.</summary>
    private const string Broadcast = """
        { "streams": [
          { "index": 0, "codec_name": "mp2", "codec_type": "audio", "sample_rate": "48000", "channels": 2, "channel_layout": "stereo", "disposition": { "default": 0 }, "tags": { "language": "deu" } },
          { "index": 1, "codec_name": "ac3", "codec_type": "audio", "sample_rate": "48000", "channels": 6, "channel_layout": "5.1(side)", "disposition": { "default": 0 }, "tags": { "language": "fra" } },
          { "index": 2, "codec_name": "mpeg2video", "profile": "Main", "codec_type": "video", "width": 720, "height": 576, "sample_aspect_ratio": "64:45", "pix_fmt": "yuv420p", "field_order": "tt",
            "r_frame_rate": "25/1", "avg_frame_rate": "25/1", "time_base": "1/90000", "disposition": { "default": 0 } },
          { "index": 3, "codec_name": "dvb_subtitle", "codec_type": "subtitle", "disposition": { "default": 0 } }
        ], "format": { "format_name": "mpegts", "duration": "10" } }
        """;

    /// <summary>A song with its cover.</summary>
    private const string Song = """
        { "streams": [
          { "index": 0, "codec_name": "mp3", "codec_type": "audio", "sample_rate": "44100", "channels": 2, "disposition": { "default": 0 } },
          { "index": 1, "codec_name": "mjpeg", "codec_type": "video", "width": 600, "height": 600, "avg_frame_rate": "0/0", "disposition": { "default": 0, "attached_pic": 1 } }
        ], "format": { "format_name": "mp3", "duration": "180" } }
        """;

    [Fact]
    public void A_phone_s_portrait_video_stands_upright()
    {
        var media = Describe(Phone, "mov");

        Assert.Equal(("mov", 1080, 1920, 90, "hlg", 30.0), (media.Container, media.Width, media.Height, media.Rotation, media.Hdr, media.FrameRate));
        Assert.Equal(["video", "audio", "data"], media.Streams.Select(s => s.Kind));
        Assert.Equal([null, "eng", null], media.Streams.Select(s => s.Language));
        Assert.Equal((1920, 1080, 8213450), (media.Streams[0].Width, media.Streams[0].Height, media.Streams[0].BitRate));
    }

    [Fact]
    public void A_broadcast_is_shown_with_square_pixels_and_the_richer_sound()
    {
        var media = Describe(Broadcast, "mpegts");

        Assert.Equal(("mpegts", 1024, 576, "mpeg2video", "ac3", 6), (media.Container, media.Width, media.Height, media.VideoCodec, media.AudioCodec, media.Channels));
        Assert.Equal(("tt", "64:45"), (media.Streams[2].FieldOrder, media.Streams[2].SampleAspectRatio));
        Assert.Equal(["audio", "audio", "video", "subtitle"], media.Streams.Select(s => s.Kind));
    }

    [Fact]
    public void A_cover_is_no_video()
    {
        var media = Describe(Song, "mp3");

        Assert.Equal(("mp3", null, null, null, "mp3"), (media.Container, media.VideoCodec, media.Width, media.FrameRate, media.AudioCodec));
        Assert.Equal([false, true], media.Streams.Select(s => s.AttachedPicture));
    }

    [Theory]
    [InlineData(-90, 90)]
    [InlineData(90, 270)]
    [InlineData(180, 180)]
    [InlineData(-180, 180)]
    [InlineData(0, 0)]
    [InlineData(-89.5, 90)]
    [InlineData(270, 90)]
    public void Rotation_is_told_clockwise(double counterClockwise, int expected) =>
        Assert.Equal(expected, DescribeMedia.Rotation(new FfprobeStream { SideDataList = [new FfprobeSideData { Rotation = counterClockwise }] }));

    public static TheoryData<string, long[], long, bool?> Rates => new()
    {
        { "constant", [0, 512, 1024, 1536, 2048], 15360, false },
        { "29.97 on a millisecond clock", [0, 33, 67, 100, 133, 167, 200, 234], 1000, false },
        { "29.97 on a clock of 600", [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 221, 241], 600, false },
        { "half as fast from the middle", [0, 512, 1024, 1536, 2560, 3584, 4608], 15360, true },
        { "one dropped of many", [.. Enumerable.Range(0, 200).Where(i => i != 77).Select(i => i * 512L)], 15360, false },
        { "one picture", [0], 15360, null },
    };

    [Theory]
    [MemberData(nameof(Rates))]
    public void A_varying_rate_is_told_from_a_rounding_clock(string name, long[] times, long clock, bool? expected)
    {
        Assert.NotEmpty(name);
        Assert.Equal(expected, StreamTiming.IsVarying(times, new Rational(1, clock)));
    }

    [Theory]
    [InlineData("30000/1001", "30000/1001", 29.9701, 29.97)]
    [InlineData("4375/177", "25/1", 25.0, 25.0)] // Decoding times leap at a joint.
    [InlineData("352/10", "60/1", 35.3, 35.2)] // Frame times vary on a clock of 60.
    [InlineData("15570/519", "30/1", 29.99, 30.0)]
    [InlineData("0/0", "1000/1", 24.9, 24.9)] // A live recording.
    [InlineData("25/1", "25/1", null, 25.0)]
    [InlineData("0/0", "90000/1", null, null)]
    public void A_frame_rate_is_the_told_one_that_fits_what_was_measured(string average, string step, double? measured, double? expected) => Assert.Equal(
        expected,
        DescribeMedia.FrameRate(new FfprobeStream { AvgFrameRate = average, RFrameRate = step }, new StreamTiming(0, 1, measured, null)));

    [Fact]
    public void Packets_are_read_a_line_at_a_time_and_headers_as_a_document()
    {
        var reader = new PacketReader();
        foreach (var line in """
            {
                "packets": [
                    { "stream_index": 0, "pts": 0, "dts": -512, "duration": 512, "flags": "K_" },
                    { "stream_index": 1, "pts": -1024, "dts": -1024, "duration": 1024, "flags": "KD",
                        "side_data_list": [
                            { "side_data_type": "Skip Samples" }
                        ] },
                    { "stream_index": 0, "pts": 1024, "dts": 0, "duration": 512, "flags": "__" },
                    { "stream_index": 1, "pts": 0, "dts": 0, "flags": "K_" }
                ],
                "programs": [

                ],
                "streams": [
                    { "index": 0, "codec_type": "video", "time_base": "1/15360" }
                ],
                "format": { "format_name": "mov" }
            }
            """.Split('\n'))
        {
            reader.Read(line.TrimEnd('\r'));
        }

        Assert.Equal(("mov", 1), (reader.Document.Format.FormatName, reader.Document.Streams.Count));
        Assert.Equal((2, 0, 1536, 0), (reader.Tracks[0].Count, reader.Tracks[0].MinPts, reader.Tracks[0].MaxEnd, reader.Tracks[0].BackwardSteps));
        Assert.Equal((1, 2, 0), (reader.Tracks[1].Count, reader.Tracks[1].TotalCount, reader.Tracks[1].MinPts));
        Assert.False(reader.IsEncrypted);
    }

    private static Client.Artifacts.MediaInfo Describe(string json, string container) => DescribeMedia.From(
        FfprobeDocument.Parse(json),
        new SniffedContent(ContentKind.Media, "", "", container),
        new Dictionary<int, StreamTiming>(),
        10,
        1_000_000);
}
