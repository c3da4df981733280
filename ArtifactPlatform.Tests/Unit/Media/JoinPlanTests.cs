using System.Globalization;
using ArtifactPlatform.Worker.Ffmpeg;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Tests.Unit.Media;

public sealed class JoinPlanTests
{
    /// <summary>Pictures in decoding order by their place when shown; a key frame has a star.</summary>
    public static TheoryData<string, int, int?, string> Cuts => new()
    {
        // Without reordering, everything from a key frame on can be copied, to any picture.
        { "0* 1 2 3 4* 5 6 7", 4, 6, "copy 4+2" },
        { "0* 1 2 3 4* 5 6 7", 0, 3, "copy 0+3" },
        { "0* 1 2 3 4* 5 6 7", 2, null, "encode 2..4(2) from 0, copy 4+4" },
        { "0* 1 2 3 4* 5 6 7", 1, 3, "encode 1..3(2) from 0" },
        // With B-frames, only up to where nothing shown earlier is decoded later.
        { "0* 3 1 2 6 4 5 7* 10 8 9", 0, 7, "copy 0+7" },
        { "0* 3 1 2 6 4 5 7* 10 8 9", 0, 4, "copy 0+4" },
        { "0* 3 1 2 6 4 5 7* 10 8 9", 0, 6, "copy 0+4, encode 4..6(2) from 0" },
        { "0* 3 1 2 6 4 5 7* 10 8 9", 5, 9, "encode 5..7(2) from 0, copy 7+1, encode 8..9(1) from 7" },
        // A key frame with pictures in front that are decoded behind it (an open group) is no place to begin.
        { "0* 1 4* 2 3 5 6* 7", 4, null, "encode 4..6(2) from 0, copy 6+2" },
    };

    [Theory]
    [MemberData(nameof(Cuts))]
    public void A_cut_copies_what_stands_on_its_own(string order, int from, int? to, string expected)
    {
        var packets = order.Split(' ').Select(p => new PacketTimes(long.Parse(p.TrimEnd('*'), CultureInfo.InvariantCulture), 1, p.EndsWith('*'))).ToList();

        var cut = PlanVideoCut.Of(packets, from, to);

        string?[] parts = [Encode(cut.Head), cut.Copy is { } c ? $"copy {c.From}+{c.Packets}" : null, Encode(cut.Tail)];
        Assert.Equal(expected, string.Join(", ", parts.OfType<string>()));

        static string? Encode(TimeRange? range) => range is null ? null : $"encode {range.From}..{range.To}({range.Frames}) from {range.SeekTo}";
    }

    [Fact]
    public void Sound_never_drifts_however_many_fragments_there_are()
    {
        // 61 frames at 29.97 with AAC at 44.1 kHz: 2.0353 s are 87.65 packets; each file holds a priming packet and 88 more.
        const double Packet = 1024.0 / 44100;
        const double Length = 61 * 1001 / 30000.0;
        var fragments = Enumerable.Range(0, 1000).Select(i => Facts(i, Length, Packet, first: -1, count: 89)).ToList();

        var placed = JoinTimeline.Of(fragments, canFill: true);

        Assert.Equal(999 * Length, placed[^1].PlacedAt, 1e-9);
        double? end = null;
        foreach (var p in placed)
        {
            var sound = p.Sound!;
            Assert.InRange(sound.StartAt - (p.PlacedAt + sound.SourceStart), -Packet / 2, Packet / 2);
            Assert.Equal(0, sound.SilentPackets);
            Assert.True(end is null || Math.Abs(sound.StartAt - end.Value) < 1e-9, "Sound has a gap.");
            end = sound.EndAt;
        }
    }

    [Fact]
    public void Missing_sound_is_filled_or_left_as_a_gap()
    {
        const double Packet = 1024.0 / 48000;
        List<FragmentFacts> fragments = [Facts(0, 2, Packet, 0, 60), Facts(1, 2, Packet, 0, 94)];

        var filled = JoinTimeline.Of(fragments, canFill: true)[1].Sound!;
        var gap = JoinTimeline.Of(fragments, canFill: false)[1].Sound!;

        Assert.Equal(34, filled.SilentPackets);
        Assert.Equal(94 * Packet, filled.StartAt, 1e-9);
        Assert.Equal((0, 2.0), (gap.SilentPackets, gap.StartAt));
    }

    [Fact]
    public void Durations_in_a_list_add_up_to_the_microsecond()
    {
        var entries = Enumerable.Range(0, 1000).Select(i => new ConcatEntry("/tmp/a", i * 1001 / 30000.0, 0.0213)).ToList();

        var list = ConcatList.Of(entries, 1001 * 1000 / 30000.0);

        var durations = list.Split('\n').Where(line => line.StartsWith("duration ", StringComparison.Ordinal)).Select(line => decimal.Parse(line[9..], CultureInfo.InvariantCulture)).ToList();
        // The first file's own start lies before 0.
        Assert.InRange(durations.Sum(), 33.387966m, 33.387968m);
        Assert.Equal(1000, durations.Count);
    }

    [Theory]
    [InlineData("plain", "'plain'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData(@"back\slash $(x) #", @"'back\slash $(x) #'")]
    public void Names_in_a_list_are_quoted(string text, string quoted)
    {
        Assert.Equal(quoted, ConcatList.Quote(text));
        Assert.Throws<ArgumentException>(() => ConcatList.Quote("two\nlines"));
    }

    [Fact]
    public void A_list_is_opened_with_files_only()
    {
        var arguments = JoinArguments.Mux(new ListInput("/w/video.txt", -0.5), new ListInput("/w/sound.txt", -0.021333), 0, 1024, "avc1", new JoinTarget("mp4", "mp4"), "/w/joined.mp4");

        Assert.Equal(
            "-y -copyts -itsoffset -0.500000 -protocol_whitelist file,pipe -f concat -safe 0 -i file:/w/video.txt -itsoffset -0.021333 -protocol_whitelist file,pipe -f concat -safe 0 -i file:/w/sound.txt " +
            "-map 0:0 -map 1:a:0 -c copy -max_interleave_delta 0 -bsf:a setts=ts='STARTPTS+round((TS-STARTPTS)/1024)*1024' -tag:v avc1 -movflags +faststart -f mp4 file:/w/joined.mp4",
            string.Join(' ', arguments));
    }

    [Fact]
    public void Pieces_are_chosen_by_packet_number()
    {
        var facts = Facts(0, 2, 1024.0 / 48000, 0, 94);
        var copy = PieceArguments.CopyVideo(facts, new CopyRange(512, 30, 12), PieceFormat.Of([new(1, 15360)], hasSetUp: true), inlineSetUp: true, new FfmpegOptions(), "/w/piece");
        var encode = PieceArguments.EncodeVideo(facts, new TimeRange(512, 1024, 1, 0), PieceFormat.Of([new(1, 90000)], hasSetUp: true), new FfmpegOptions { ThreadCount = 2 }, "/w/piece");

        Assert.Contains(@"noise=drop='lt(n\,30)+gte(n\,42)',h264_mp4toannexb", copy);
        Assert.Equal(["-video_track_timescale", "15360", "-f", "mov", "file:/w/piece"], copy.TakeLast(5));
        Assert.Contains("trim=start_pts=512:end_pts=1024", encode);
        Assert.Contains("libx264", encode);
        Assert.Equal(["-f", "nut", "file:/w/piece"], encode.TakeLast(3));
    }

    [Theory]
    [InlineData("aac", 1023.4, 1024)]
    [InlineData("aac", 2049.0, 2048)]
    [InlineData("mp3", 1152.0, 1152)]
    [InlineData("opus", 958.0, 960)]
    [InlineData("vorbis", 1024.0, null)]
    [InlineData("aac", 1300.0, null)]
    public void Fixed_packet_lengths_are_recognised(string codec, double measured, int? samples) => Assert.Equal(samples, PacketSamples.Of(codec, measured));

    private static FragmentFacts Facts(int index, double length, double packet, int first, int count) => new()
    {
        Fragment = new LocalFragment { Index = index, Path = "/w/fragment", StartTime = index },
        Content = ContentSniffer.Unknown,
        Document = new FfprobeDocument(),
        Main = new MainStreams(
            new FfprobeStream { Index = 0, CodecType = "video", CodecName = "h264", ExtradataHash = "CRC32:1", PixFmt = "yuv420p" },
            new FfprobeStream { Index = 1, CodecType = "audio", CodecName = "aac", SampleRate = 48000 }),
        Zero = 0,
        Duration = length,
        Video = new VideoFacts(new Rational(1, 15360), 1.0 / 30, (int)Math.Round(length * 30), null, true),
        Audio = new AudioFacts(1024, packet, true, [.. Enumerable.Range(0, count).Select(i => new SoundPacket(i, (first + i) * packet, (first + i + 1) * packet))]),
    };
}
