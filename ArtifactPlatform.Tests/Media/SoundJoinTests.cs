using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests.Media;

public sealed class SoundJoinTests
{
    private const int Hertz = 44100;

    [Fact]
    public async Task Wav_files_are_joined_to_the_sample()
    {
        var one = await NoiseAsync("noise-1.wav", 1, 0.777);
        var two = await NoiseAsync("noise-2.wav", 2, 1.234);
        var result = await JoinCheck.JoinAsync(ArtifactType.Audio, JoinCheck.EndToEnd(one, two, one));

        var (a, b) = (await JoinCheck.SamplesAsync(one, Hertz), await JoinCheck.SamplesAsync(two, Hertz));
        Assert.Equal("wav", result.Extension);
        var joined = await JoinCheck.SamplesAsync(result.Path, Hertz);
        Assert.Equal([.. a, .. b, .. a], joined);
    }

    [Theory]
    [InlineData("wav", "pcm_s16le")]
    [InlineData("flac", "flac")]
    [InlineData("m4a", "alac")]
    [InlineData("aiff", "pcm_s16be")]
    public async Task Lossless_sound_is_cut_and_joined_to_the_sample(string extension, string codec)
    {
        var path = await NoiseAsync($"noise.{extension}", 3, 2, codec);
        var result = await JoinCheck.JoinAsync(
            ArtifactType.Audio,
            JoinCheck.Fragment(0, path, 0, 0.25, 1.5), JoinCheck.Fragment(1, path, 5), JoinCheck.Fragment(2, path, 9, 1.1));

        var samples = await JoinCheck.SamplesAsync(path, Hertz);
        Assert.Equal(extension, result.Extension);
        var joined = await JoinCheck.SamplesAsync(result.Path, Hertz);
        Assert.Equal([.. samples[11025..66150], .. samples, .. samples[48510..]], joined);
        Assert.Equal([1.25, 2, 0.9], result.Fragments.Select(f => f.Duration));
        Assert.All(result.Fragments, f => Assert.Null(f.Drift));
    }

    [Fact]
    public async Task Flac_of_24_bits_keeps_them()
    {
        var path = await TestMedia.FlacAsync(1, bits: 24);
        var result = await JoinCheck.JoinAsync(ArtifactType.Audio, JoinCheck.EndToEnd(path, path));

        var probed = await MediaStack.ProbeAsync(result.Path, ArtifactType.Audio);
        Assert.Equal((2.0, "flac"), (probed.DurationSeconds, probed.Media.AudioCodec));
        var document = await MediaStack.Media.HeadersAsync(Worker.Ffmpeg.MediaInput.FromFile(result.Path), TestContext.Current.CancellationToken);
        Assert.Equal(24, document.Streams[0].BitsPerRawSample);
    }

    /// <summary>A packet's length by codec: MP3 1152 samples, AAC 1024, Opus 20 ms, Vorbis up to 2048 samples.</summary>
    public static TheoryData<string, string, double> Packets => new()
    {
        { nameof(TestMedia.Mp3Async), "mp3", 1152.0 / 44100 },
        { nameof(TestMedia.M4aAsync), "m4a", 1024.0 / 44100 },
        { nameof(TestMedia.AdtsAsync), "m4a", 1024.0 / 44100 },
        { nameof(TestMedia.OpusAsync), "opus", 0.02 },
        { nameof(TestMedia.VorbisAsync), "ogg", 2048.0 / 44100 },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public async Task Coded_sound_ends_up_as_long_as_its_parts_to_a_packet(string maker, string extension, double packet)
    {
        var path = await MakeAsync(maker, 1.3);
        const int Count = 12;
        var single = (await MediaStack.ProbeAsync(path, ArtifactType.Audio)).DurationSeconds;
        var result = await JoinCheck.JoinAsync(ArtifactType.Audio, JoinCheck.EndToEnd([.. Enumerable.Repeat(path, Count)]));

        Assert.Equal(extension, result.Extension);
        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.Equal(single * Count, result.Fragments.Sum(f => f.Duration), 0.001);
        // One packet in all, not one a file.
        Assert.Equal(single * Count, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Audio)).DurationSeconds, packet + 0.001);
    }

    [Theory]
    [InlineData(nameof(TestMedia.Mp3Async), 1152.0 / 44100)]
    [InlineData(nameof(TestMedia.M4aAsync), 1024.0 / 44100)]
    [InlineData(nameof(TestMedia.OpusAsync), 0.02)]
    public async Task Coded_sound_is_cut_to_a_packet(string maker, double packet)
    {
        var path = await MakeAsync(maker, 3);
        var result = await JoinCheck.JoinAsync(ArtifactType.Audio, JoinCheck.Fragment(0, path, 0, 0.5, 1.7), JoinCheck.Fragment(1, path, 2, 1, 1.5));

        await JoinCheck.DecodesCleanlyAsync(result.Path);
        Assert.Equal(1.7, (await MediaStack.ProbeAsync(result.Path, ArtifactType.Audio)).DurationSeconds, (2 * packet) + 0.001);
    }

    [Fact]
    public async Task A_join_of_sound_leaves_pictures_out()
    {
        var path = await TestMedia.Mp4Async(1);
        var result = await JoinCheck.JoinAsync(ArtifactType.Audio, JoinCheck.EndToEnd(path, path));

        Assert.Equal("m4a", result.Extension);
        var probed = await MediaStack.ProbeAsync(result.Path, ArtifactType.Audio);
        Assert.Equal(("audio/mp4", null), (probed.ContentType, probed.Media.VideoCodec));
        Assert.Equal(2, probed.DurationSeconds, 0.025);
    }

    private static Task<string> NoiseAsync(string name, int seed, double seconds, string codec = "pcm_s16le") => TestMedia.MakeAsync(
        name,
        ["-f", "lavfi", "-i", System.FormattableString.Invariant($"anoisesrc=r={Hertz}:d={seconds}:seed={seed}:a=0.5")],
        ["-c:a", codec],
        codec == "flac" ? ["-sample_fmt", "s16"] : codec == "alac" ? ["-sample_fmt", "s16p"] : []);

    private static Task<string> MakeAsync(string maker, double seconds)
    {
        var method = typeof(TestMedia).GetMethod(maker)!;
        object?[] arguments = [seconds, .. method.GetParameters().Skip(1).Select(p => p.DefaultValue)];
        return (Task<string>)method.Invoke(null, arguments)!;
    }
}
