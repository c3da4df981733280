using System.Security.Cryptography;
using System.Text;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Tests.Media;
using Microsoft.AspNetCore.Http;

namespace ArtifactPlatform.Tests.Ingest;

public sealed class UrlTests(Platform platform) : IClassFixture<StartedPlatform>
{
    [Fact]
    public async Task A_url_is_fetched_probed_and_hashed()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = await File.ReadAllBytesAsync(await TestMedia.Mp4Async(seconds: 2));

        var created = await CreateAsync(company, server.AddFile(content, ".mp4"));
        Assert.Equal(ArtifactStatus.Created, created.Status);
        Assert.Equal(UploadMethod.DirectUrl, created.UploadMethod);
        Assert.Null(created.Size);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal(content.Length, done.Size);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", done.Hash);
        Assert.Equal("video/mp4", done.ContentType);
        Assert.InRange(done.Duration ?? 0, 1.95, 2.05);
        Assert.Equal(100, done.Progress);
        Assert.Equal("h264", done.Media?.VideoCodec);
        Assert.Equal("aac", done.Media?.AudioCodec);
        Assert.Equal($"uploads/{done.Id}/source_video.mp4", done.S3Path);
        Assert.NotNull(done.Timings.Total);
        Assert.Equal(content, await DownloadAsync(company, done.Id));
    }

    [Fact]
    public async Task A_script_from_a_url_has_no_duration()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var url = server.AddFile("1\n00:00:01,000 --> 00:00:02,000\nHello\n"u8.ToArray(), ".srt");

        var created = await company.Client.CreateArtifactAsync(new() { Name = "lines.srt", Type = ArtifactType.Script, Url = url }, TestContext.Current.CancellationToken);
        var done = await company.CompletedAsync(created.Id);

        Assert.Null(done.Duration);
        Assert.Null(done.Media);
        Assert.Equal("application/x-subrip", done.ContentType);
    }

    [Fact]
    public async Task A_large_file_goes_up_in_parts_and_keeps_its_hash()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        // 21 MiB and a bit: two full parts and a rest.
        var content = WavFile.Of(21 * 1024 * 1024 + 12);

        var created = await CreateAsync(company, server.AddFile(content), ArtifactType.Audio);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal(content.Length, done.Size);
        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", done.Hash);
        Assert.Equal(content, await DownloadAsync(company, done.Id));
    }

    [Fact]
    public async Task A_server_without_a_content_length_is_read_to_its_end()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(300_000);

        var created = await CreateAsync(company, server.Add(async (context, _) => await context.Response.Body.WriteAsync(content)), ArtifactType.Audio);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal(content.Length, done.Size);
    }

    [Fact]
    public async Task A_broken_transfer_goes_on_where_it_was()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(9_000_000);
        var ranges = new List<string>();
        var url = server.Add((context, hit) =>
        {
            ranges.Add(context.Request.Headers.Range.ToString());
            return SourceServer.SendAsync(context, content, "\"v1\"", breakAfter: hit <= 3 ? 2_000_000 : null);
        });

        var created = await CreateAsync(company, url, ArtifactType.Audio);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", done.Hash);
        Assert.Equal(4, ranges.Count);
        Assert.Equal("", ranges[0]);
        Assert.All(ranges.Skip(1), range => Assert.StartsWith("bytes=", range));
    }

    [Fact]
    public async Task A_file_that_changes_under_a_resume_is_never_mixed()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var (before, after) = (WavFile.Of(3_000_000, seed: 1), WavFile.Of(3_000_000, seed: 2));
        var url = server.Add((context, hit) => hit == 1
            ? SourceServer.SendAsync(context, before, "\"v1\"", breakAfter: 1_000_000)
            : SourceServer.SendAsync(context, after, "\"v2\""));

        var created = await CreateAsync(company, url, ArtifactType.Audio);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(after))}", done.Hash);
    }

    [Fact]
    public async Task A_silent_server_is_asked_again()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(200_000);
        var url = server.Add(async (context, hit) =>
        {
            if (hit == 1)
            {
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 1000));
                await context.Response.Body.FlushAsync();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            await SourceServer.SendAsync(context, content, "\"v1\"");
        });

        var created = await CreateAsync(company, url, ArtifactType.Audio);
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal(content.Length, done.Size);
    }

    [Fact]
    public async Task Five_redirects_are_followed_and_six_are_not()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var five = Redirects(server, server.AddFile(WavFile.Of(50_000)), 5);
        var six = Redirects(server, server.AddFile(WavFile.Of(50_000)), 6);

        await company.CompletedAsync((await CreateAsync(company, five, ArtifactType.Audio)).Id);
        await company.FailedAsync((await CreateAsync(company, six, ArtifactType.Audio)).Id, "too_many_redirects");
    }

    [Fact]
    public async Task A_missing_file_fails_at_once_with_the_status()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var url = server.Add((context, _) =>
        {
            context.Response.StatusCode = 404;
            return Task.CompletedTask;
        });

        var failed = await company.FailedAsync((await CreateAsync(company, url)).Id, "source_http_error");

        Assert.Contains("404", failed.ErrorMessage);
        Assert.Equal(1, server.Hits(url));
    }

    [Fact]
    public async Task A_busy_server_is_asked_again_until_it_answers()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(50_000);
        var url = server.Add((context, hit) =>
        {
            if (hit <= 2)
            {
                context.Response.StatusCode = 503;
                return Task.CompletedTask;
            }

            return SourceServer.SendAsync(context, content, "\"v1\"");
        });

        await company.CompletedAsync((await CreateAsync(company, url, ArtifactType.Audio)).Id);

        Assert.Equal(3, server.Hits(url));
    }

    [Fact]
    public async Task Too_large_a_file_is_refused_before_it_is_read()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var url = server.Add(async (context, _) =>
        {
            context.Response.ContentLength = 6L << 30;
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        await company.FailedAsync((await CreateAsync(company, url)).Id, "too_large");
    }

    [Fact]
    public async Task Progress_rises_while_a_slow_file_comes()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(1_000_000);
        var url = server.Add(async (context, _) =>
        {
            context.Response.ContentLength = content.Length;
            for (var at = 0; at < content.Length; at += 100_000)
            {
                await context.Response.Body.WriteAsync(content.AsMemory(at, Math.Min(100_000, content.Length - at)));
                await context.Response.Body.FlushAsync();
                await Task.Delay(250);
            }
        });

        var created = await CreateAsync(company, url, ArtifactType.Audio);
        await company.CompletedAsync(created.Id);
        var events = await company.Client.ListEventsAsync(null, null, 1000, TestContext.Current.CancellationToken);

        var types = events.Data.Select(e => e.Type).ToList();
        Assert.Equal("artifact.created", types[0]);
        Assert.Equal("artifact.upload_started", types[1]);
        Assert.Equal("artifact.upload_completed", types[^1]);
        var progress = events.Data.Where(e => e.Type == "artifact.progress").Select(e => e.Data.Object.GetProperty("progress").GetInt32()).ToList();
        Assert.InRange(progress.Count, 2, 12);
        Assert.Equal(progress.Order(), progress);
    }

    [Fact]
    public async Task A_deleted_artifact_stops_its_download_and_leaves_no_object()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var left = new TaskCompletionSource();
        var url = server.Add(async (context, _) =>
        {
            context.RequestAborted.Register(() => left.TrySetResult());
            context.Response.ContentLength = 100_000_000;
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[100_000]);
                await Task.Delay(100);
            }
        });
        var created = await CreateAsync(company, url, ArtifactType.Audio);
        await Eventually.TrueAsync(async () => (await company.Client.GetArtifactAsync(created.Id, CancellationToken.None)).Status == ArtifactStatus.UploadStarted, () => "the download to start");

        await company.Client.DeleteArtifactAsync(created.Id, TestContext.Current.CancellationToken);

        await left.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
        await Eventually.TrueAsync(async () => !(await platform.ObjectsAsync($"uploads/{created.Id}/")).Any(), () => "the objects to go");
    }

    [Fact]
    public async Task A_url_with_a_secret_never_shows_in_the_logs()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var secret = Guid.NewGuid().ToString("N");
        var url = server.AddFile(Encoding.ASCII.GetBytes("<html>not a video</html>")) + $"?signature={secret}";

        var failed = await company.FailedAsync((await CreateAsync(company, url)).Id, "html_page");

        Assert.Contains("The address answered with a web page", failed.ErrorMessage);
        Assert.Equal("", platform.LogsAbout(secret));
    }

    internal static Task<ArtifactObject> CreateAsync(TestCompany company, string url, ArtifactType type = ArtifactType.Video, string name = "From a URL.mp4") =>
        company.Client.CreateArtifactAsync(new() { Name = name, Type = type, Url = url }, TestContext.Current.CancellationToken);

    internal static async Task<byte[]> DownloadAsync(TestCompany company, string artifactId)
    {
        using var http = company.CreateHttp();
        using var answer = await http.GetAsync(new Uri($"/api/v1/artifacts/{artifactId}/download", UriKind.Relative), TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        // Whatever way the bytes came, they are shown as they are.
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    private static string Redirects(SourceServer server, string target, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var next = target;
            target = server.Add((context, _) =>
            {
                context.Response.Redirect(next);
                return Task.CompletedTask;
            });
        }

        return target;
    }
}
