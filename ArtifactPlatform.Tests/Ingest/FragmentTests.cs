using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Tests.Media;

namespace ArtifactPlatform.Tests.Ingest;

public sealed class FragmentTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fragments_from_urls_and_uploads_are_joined_in_order_of_their_start()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var clip = await File.ReadAllBytesAsync(await TestMedia.Mp4Async(seconds: 2));
        var place = await company.Client.PresignTempUploadAsync("clip.mp4", ct);
        await UploadTests.PutAsync(place.PresignedUploadUrl, clip);

        var created = await JoinAsync(
            company,
            ArtifactType.Video,
            new() { Url = server.AddFile(clip), StartTime = 5 },
            new() { S3Path = place.S3Path, StartTime = 0 },
            new() { Url = server.AddFile(clip), StartTime = 2, InPoint = 0, OutPoint = 1 });
        Assert.Equal(UploadMethod.Fragments, created.UploadMethod);
        var done = await company.CompletedAsync(created.Id);

        Assert.InRange(done.Duration ?? 0, 4.9, 5.1);
        Assert.NotNull(done.Fragments);
        Assert.Equal([1, 2, 0], done.Fragments.Select(f => f.Index));
        Assert.InRange(done.Fragments[2].GapClosed, 1.9, 2.1);
        Assert.All(done.Fragments.Skip(1), f => Assert.InRange(Math.Abs(f.Drift ?? 99), 0, 0.0401));
        Assert.NotNull(done.Hash);
        Assert.Equal("h264", done.Media?.VideoCodec);
    }

    [Fact]
    public async Task A_join_of_b_frames_has_the_frame_rate_of_its_fragments()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        // Decoding times leap at the joint, by as many frames as a B-frame waits for.
        var clip = server.AddFile(await File.ReadAllBytesAsync(await TestMedia.MakeAsync(
            "b-frames.mp4", ["-f", "lavfi", "-i", "testsrc=s=160x120:r=25:d=5"], ["-c:v", "libx264", "-bf", "3", "-pix_fmt", "yuv420p"]), ct));

        var created = await JoinAsync(company, ArtifactType.Video, new() { Url = clip, StartTime = 0 }, new() { Url = clip, StartTime = 5, InPoint = 1, OutPoint = 3 });
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal((25.0, false), (done.Media?.FrameRate, done.Media?.VariableFrameRate));
    }

    [Fact]
    public async Task A_fragment_that_differs_is_named_with_the_field()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var video = await File.ReadAllBytesAsync(await TestMedia.Mp4Async(seconds: 2));
        var other = await File.ReadAllBytesAsync(await TestMedia.HevcTenBitAsync());

        var created = await JoinAsync(company, ArtifactType.Video, new() { Url = server.AddFile(video), StartTime = 0 }, new() { Url = server.AddFile(other), StartTime = 2 });
        var failed = await company.FailedAsync(created.Id, "fragment_mismatch");

        Assert.Contains("fragments[1]", failed.ErrorMessage);
        Assert.Contains("codec", failed.ErrorMessage, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_fragment_that_can_not_be_had_is_named()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var missing = server.Add((context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });

        var created = await JoinAsync(company, ArtifactType.Audio, new() { Url = server.AddFile(WavFile.Of(50_000)), StartTime = 0 }, new() { Url = missing, StartTime = 1 });
        var failed = await company.FailedAsync(created.Id, "source_http_error");

        Assert.StartsWith("fragments[1]", failed.ErrorMessage);
    }

    [Fact]
    public async Task A_hundred_wavs_are_joined_to_the_sample()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        // A tenth of a second each: 4,800 frames of four bytes.
        var piece = server.AddFile(WavFile.Of(44 + 19_200));

        var created = await JoinAsync(company, ArtifactType.Audio, [.. Enumerable.Range(0, 100).Select(i => new FragmentRequest { Url = piece, StartTime = i * 0.1 })]);
        var done = await company.CompletedAsync(created.Id, TimeSpan.FromMinutes(2));

        Assert.InRange(done.Duration ?? 0, 9.9999, 10.0001);
        Assert.Equal(100, done.Fragments?.Count);
    }

    private Task<ArtifactObject> JoinAsync(TestCompany company, ArtifactType type, params FragmentRequest[] fragments) =>
        company.Client.CreateArtifactAsync(new() { Name = "joined", Type = type, Fragments = fragments }, ct);
}
