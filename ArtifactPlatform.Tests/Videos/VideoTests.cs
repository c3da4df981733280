using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Tests.Videos.Encoding;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Videos;

/// <summary>A video's life: made, changed, made anew, deleted.</summary>
public sealed class VideoTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Standard_input_plays_before_the_ladder_is_done_and_then_is_ready()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.Mp4Async(4, size: "640x360"));

        var playable = await company.VideoEventAsync(made.Id, v => v.Playback.Hls is not null);
        var ready = await company.ReadyAsync(made.Id);

        Assert.NotNull(playable.Playback.Hls);
        Assert.True(ready.Timings.Playable < ready.Timings.Ready, $"{ready.Timings}");
        Assert.Equal((100, 1, 640, 360, "h264"), (ready.Progress, ready.TranscodeAttempts, ready.SourceWidth, ready.SourceHeight, ready.VideoCodec));
        Assert.Equal(4, ready.Duration ?? 0, 0.1);
        Assert.Equal([360, 240], ready.Playback.Mp4.Select(m => m.Height));
        Assert.Empty(ready.InputReasons);
        Assert.Empty(ready.Errors);
        Assert.False(ready.AudioOnly);
        Assert.Equal([100, 100], ready.Renditions.Select(r => r.Progress));
        var types = (await company.Client.ListEventsAsync(null, null, 1000, ct)).Data.Where(e => e.Data.Object.GetProperty("id").GetString() == made.Id).Select(e => e.Type).ToList();
        Assert.Equal("video.created", types[0]);
        Assert.Equal("video.ready", types[^1]);
    }

    [Fact]
    public async Task Each_rung_tells_how_far_it_is_and_never_goes_back()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.Mp4Async(20, size: "1280x720"));
        var ready = await company.ReadyAsync(made.Id);
        // Every change is an event; a poll would miss those that are followed by the next one at once.
        var seen = await company.VideoHistoryAsync(made.Id);

        Assert.Equal([(720, 100), (480, 100), (360, 100), (240, 100)], ready.Renditions.Select(r => (r.Height, r.Progress)));
        Assert.Equal(ready.Playback.Mp4.Select(m => m.BitrateKbps), ready.Renditions.Select(r => r.BitrateKbps));
        var told = seen.Where(v => v.Renditions.Count > 0).ToList();
        Assert.All(told, v => Assert.Equal([720, 480, 360, 240], v.Renditions.Select(r => r.Height)));
        Assert.All(told.Zip(told.Skip(1)), pair => Assert.All(pair.First.Renditions.Zip(pair.Second.Renditions), rung => Assert.True(rung.First.Progress <= rung.Second.Progress, $"{rung}")));
        Assert.Contains(told, v => v.Renditions.Any(r => r.Progress is > 0 and < 100));
        // Making it anew begins at nothing, not at what the last run had reached.
        Assert.All((await company.Client.ReprocessVideoAsync(made.Id, ct)).Renditions, r => Assert.Equal(0, r.Progress));
        // The whole moves with them, not at the end alone.
        Assert.True(seen.Select(v => v.Progress).Where(p => p is > 0 and < 80).Distinct().Count() >= 2, string.Join(", ", seen.Select(v => v.Progress).Distinct()));
        // Nobody waits for the second run.
        await company.Client.DeleteVideoAsync(made.Id, ct);
    }

    [Fact]
    public async Task A_change_that_commits_later_is_never_the_older_one()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "later.mp4", Type = ArtifactType.Video }, ct);
        var video = await company.Client.CreateVideoAsync(new() { ArtifactId = upload.ArtifactId }, ct);
        var behind = video.UpdatedAt.AddMinutes(-1);
        await using var db = platform.Database();

        // As of a replica whose clock is behind, or that waited for the row.
        await db.Videos.Where(v => v.Id == video.Id).ExecuteUpdateAsync(set => set.SetProperty(v => v.Progress, 7).SetProperty(v => v.UpdatedAt, behind), ct);
        await db.Artifacts.Where(a => a.Id == upload.ArtifactId).ExecuteUpdateAsync(set => set.SetProperty(a => a.Progress, 7).SetProperty(a => a.UpdatedAt, behind), ct);

        var changed = await company.Client.GetVideoAsync(video.Id, ct);
        Assert.Equal((7, video.UpdatedAt), (changed.Progress, changed.UpdatedAt));
        Assert.True((await company.Client.GetArtifactAsync(upload.ArtifactId, ct)).UpdatedAt > behind);
    }

    [Fact]
    public async Task Why_a_stream_could_not_be_copied_is_told()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.HevcTenBitAsync());

        var ready = await company.ReadyAsync(made.Id);

        Assert.Contains(ready.InputReasons, r => r.Stream == "video" && r.Reason.Contains("hevc", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_copy_that_turns_out_unfit_is_not_shown_and_its_reason_is_told()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await VideoMedia.HiddenGapAsync());

        var ready = await company.ReadyAsync(made.Id);

        Assert.Contains(ready.InputReasons, r => r.Stream == "video" && r.Reason.Contains("keyframes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deleting_a_video_that_is_being_made_leaves_nothing()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.Mp4Async(20, size: "1280x720"));
        await company.VideoEventAsync(made.Id, v => v.Playback.Hls is not null);

        await using var db = platform.Database();
        var job = await db.Jobs.Where(j => j.SubjectId == made.Id && j.Kind == JobKinds.ProcessVideo).Select(j => j.Id).SingleAsync(ct);

        await company.Client.DeleteVideoAsync(made.Id, ct);

        // The worker notices by its lease, or by the source that is gone, and takes back what it stored after the deletion.
        await Eventually.TrueAsync(
            () => Task.FromResult(platform.LogsAbout(job) is var log && (log.Contains("was lost", StringComparison.Ordinal) || log.Contains("will be tried again", StringComparison.Ordinal))),
            () => $"the worker to notice\n{platform.LogsAbout(job)}");
        await GoneAsync($"videos/{made.Id}/");
    }

    [Fact]
    public async Task A_url_becomes_an_artifact_and_then_a_video()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile(await File.ReadAllBytesAsync(await TestMedia.Mp4Async(), ct), ".mp4");
        var made = await company.Client.CreateVideoAsync(new() { Input = [new() { Url = url }], Title = "From afar", Tags = ["a", "b"], Passthrough = "mine" }, ct);
        Assert.Equal((VideoStatus.Preparing, IngestKind.Url, "From afar", "mine"), (made.Status, made.Ingest.Kind, made.Title, made.Passthrough));

        var ready = await company.ReadyAsync(made.Id);

        Assert.Equal(ArtifactStatus.UploadCompleted, (await company.Client.GetArtifactAsync(ready.ArtifactId!, ct)).Status);
        Assert.Equal(["a", "b"], ready.Tags);
    }

    [Fact]
    public async Task A_source_that_fails_fails_the_video_with_its_reason()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile("<!doctype html><title>Not found</title>"u8.ToArray(), ".mp4");
        var made = await company.Client.CreateVideoAsync(new() { Input = [new() { Url = url }] }, ct);

        var error = await company.ErroredAsync(made.Id);

        Assert.Equal("html_page", error.Type);
        Assert.NotEmpty(error.Messages);
    }

    [Fact]
    public async Task A_video_of_an_artifact_waits_for_it_and_leaves_it_when_it_goes()
    {
        var company = await platform.NewCompanyAsync();
        var upload = await company.Client.CreateUploadAsync(new() { Name = "later.mp4", Type = ArtifactType.Video }, ct);
        var made = await company.Client.CreateVideoAsync(new() { ArtifactId = upload.ArtifactId, Quality = "480p" }, ct);
        Assert.Equal("later.mp4", made.Title);
        using (var store = new HttpClient())
        using (var body = new ByteArrayContent(await File.ReadAllBytesAsync(await TestMedia.Mp4Async(size: "1280x720"), ct)))
        {
            (await store.PutAsync(upload.PresignedUploadUrl, body, ct)).Dispose();
        }

        var ready = await company.ReadyAsync(made.Id);
        Assert.Equal([480, 360, 240], ready.Playback.Mp4.Select(m => m.Height));

        await company.Client.DeleteVideoAsync(made.Id, ct);
        await GoneAsync($"videos/{made.Id}/");
        Assert.Equal(ArtifactStatus.UploadCompleted, (await company.Client.GetArtifactAsync(upload.ArtifactId, ct)).Status);
        await RefusedAsync("video_not_found", HttpStatusCode.NotFound, () => company.Client.GetVideoAsync(made.Id, ct));
    }

    [Fact]
    public async Task Deleting_an_uploaded_video_removes_every_object()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.Mp4Async());
        var ready = await company.ReadyAsync(made.Id);
        await company.CompletedAsync(ready.ArtifactId!);
        await company.Client.CreateCaptionAsync(made.Id, new() { Language = "en", Text = "1\n00:00:00,000 --> 00:00:01,000\nHello\n" }, ct);
        Assert.NotEmpty(await platform.ObjectsAsync($"videos/{made.Id}/"));

        await company.Client.DeleteVideoAsync(made.Id, ct);

        await GoneAsync($"videos/{made.Id}/");
        await GoneAsync($"uploads/{ready.ArtifactId}/");
        await GoneAsync($"incoming/{ready.ArtifactId}/");
        await RefusedAsync("artifact_not_found", HttpStatusCode.NotFound, () => company.Client.GetArtifactAsync(ready.ArtifactId!, ct));
    }

    [Fact]
    public async Task The_file_of_an_uploaded_video_stays_while_another_is_made_from_it()
    {
        var company = await platform.NewCompanyAsync();
        var first = await company.ReadyAsync((await company.UploadVideoAsync(await TestMedia.Mp4Async())).Id);
        await company.CompletedAsync(first.ArtifactId!);
        var second = await company.Client.CreateVideoAsync(new() { ArtifactId = first.ArtifactId }, ct);

        await company.Client.DeleteVideoAsync(first.Id, ct);

        Assert.Equal(first.ArtifactId, (await company.ReadyAsync(second.Id)).ArtifactId);
        Assert.Equal(ArtifactStatus.UploadCompleted, (await company.Client.GetArtifactAsync(first.ArtifactId!, ct)).Status);
    }

    [Fact]
    public async Task Reprocessing_keeps_the_old_renditions_until_the_new_ones_are_complete()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.Mp4Async(4, size: "640x360"));
        var first = await company.ReadyAsync(made.Id);
        await company.CompletedAsync(first.ArtifactId!);
        using var http = platform.CreateClient();
        var before = await http.GetStringAsync(new Uri(first.Playback.Mp4[0].Hls!), ct);

        var begun = await company.Client.ReprocessVideoAsync(made.Id, ct);
        Assert.Equal((VideoStatus.Reprocessing, 0), (begun.Status, begun.Progress));
        await RefusedAsync("video_busy", HttpStatusCode.Conflict, () => company.Client.ReprocessVideoAsync(made.Id, ct));
        Assert.Equal(first.Playback.Hls, begun.Playback.Hls);
        Assert.Equal(PathOf(before), PathOf(await http.GetStringAsync(new Uri(first.Playback.Mp4[0].Hls!), ct)));

        var again = await company.ReadyAsync(made.Id);
        Assert.Equal(2, again.TranscodeAttempts);
        Assert.NotEqual(PathOf(before), PathOf(await http.GetStringAsync(new Uri(first.Playback.Mp4[0].Hls!), ct)));
        // Who has the old playlist open plays on.
        using var old = await http.GetAsync(new Uri(before.Split('\n').First(l => l.StartsWith("http", StringComparison.Ordinal))), ct);
        Assert.Equal(HttpStatusCode.OK, old.StatusCode);
    }

    [Fact]
    public async Task Lists_search_filter_and_page()
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "x.mp4", Type = ArtifactType.Video }, ct);
        var ids = new List<string>();
        foreach (var (title, description, tags) in new[] { ("Alpha 100%", null, null), ("Beta", "tells of ALPHA", null), ("Gamma", null, new[] { "alphabet" }), ("Delta", "nothing", new[] { "x" }) })
        {
            ids.Add((await company.Client.CreateVideoAsync(new() { ArtifactId = artifact.ArtifactId, Title = title, Description = description, Tags = tags }, ct)).Id);
        }

        Assert.Equal([ids[2], ids[1], ids[0]], (await company.Client.ListVideosAsync(null, "alpha", null, null, ct)).Data.Select(v => v.Id));
        Assert.Equal([ids[0]], (await company.Client.ListVideosAsync(null, "100%", null, null, ct)).Data.Select(v => v.Id));
        Assert.Empty((await company.Client.ListVideosAsync(VideoStatus.Ready, null, null, null, ct)).Data);
        var page = await company.Client.ListVideosAsync(VideoStatus.Preparing, null, null, 3, ct);
        Assert.Equal([ids[3], ids[2], ids[1]], page.Data.Select(v => v.Id));
        var rest = await company.Client.ListVideosAsync(VideoStatus.Preparing, null, page.NextCursor, 3, ct);
        Assert.Equal([ids[0]], rest.Data.Select(v => v.Id));
        Assert.Null(rest.NextCursor);

        var changed = await company.Client.PatchVideoAsync(ids[3], new() { Title = "New", Tags = [] }, ct);
        Assert.Equal(("New", "nothing", 0), (changed.Title, changed.Description, changed.Tags.Count));
    }

    [Fact]
    public async Task Wrong_requests_are_refused_by_field()
    {
        var company = await platform.NewCompanyAsync();
        var script = await company.Client.CreateUploadAsync(new() { Name = "x.srt", Type = ArtifactType.Script }, ct);
        await RefusedAsync("source_missing", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new(), ct), "input");
        await RefusedAsync("source_conflict", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new() { ArtifactId = "x", Input = [new() { Url = "http://e.com" }] }, ct), "artifact_id");
        await RefusedAsync("forbidden_address", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new() { Input = [new() { Url = "http://127.0.0.2/x" }] }, ct), "input[0].url");
        await RefusedAsync("artifact_unfit", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new() { ArtifactId = script.ArtifactId }, ct), "artifact_id");
        await RefusedAsync("artifact_unfit", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new() { ArtifactId = "000000000000000000000000" }, ct), "artifact_id");
        await RefusedAsync("invalid_parameter", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new() { ArtifactId = "x", Quality = "8K" }, ct), "quality");
        await RefusedAsync("invalid_parameter", HttpStatusCode.BadRequest, () => company.Client.CreateVideoAsync(new() { ArtifactId = "x", Title = new string('t', 256) }, ct), "title");
    }

    [Fact]
    public async Task Sound_alone_becomes_an_hls_of_sound_with_a_waveform()
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "tone.wav", Type = ArtifactType.Audio }, ct);
        using (var store = new HttpClient())
        using (var body = new ByteArrayContent(WavFile.Of(600_000)))
        {
            (await store.PutAsync(artifact.PresignedUploadUrl, body, ct)).Dispose();
        }

        var made = await company.Client.CreateVideoAsync(new() { ArtifactId = artifact.ArtifactId }, ct);
        var ready = await company.ReadyAsync(made.Id);

        Assert.True(ready.AudioOnly);
        Assert.Null(ready.ThumbnailUrl);
        using var http = platform.CreateClient();
        Assert.Contains("\"peaks\"", await http.GetStringAsync(new Uri(ready.WaveformUrl!), ct), StringComparison.Ordinal);
        Assert.Contains("audio-0.m3u8", await http.GetStringAsync(new Uri(ready.Playback.Hls!), ct), StringComparison.Ordinal);
    }

    private static string PathOf(string playlist) => new Uri(playlist.Split('\n').First(l => l.StartsWith("http", StringComparison.Ordinal))).AbsolutePath;

    private Task GoneAsync(string prefix) => platform.ObjectCountAsync(prefix, 0);

    private static async Task RefusedAsync<T>(string code, HttpStatusCode status, Func<Task<T>> call, string? param = null)
    {
        var refused = await Assert.ThrowsAsync<PlatformApiException>(call);
        Assert.Equal((status, code, param), (refused.Status, refused.Error.Code, refused.Error.Param));
    }
}
