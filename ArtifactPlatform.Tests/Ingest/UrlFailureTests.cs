using System.Globalization;
using System.Security.Cryptography;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Tests.Ingest;

/// <summary>What becomes of an artifact whose address redirects badly, does not open, or can't be resumed.</summary>
public sealed class UrlFailureTests(Platform platform) : IClassFixture<StartedPlatform>
{
    [Theory]
    [InlineData("http://127.0.0.2:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://[::ffff:127.0.0.2]:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://0x7f000002:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://2130706434:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://127.2:{0}/x", "forbidden_address", "127.0.0.2")]
    [InlineData("http://[::1]:{0}/x", "forbidden_address", "::1")]
    [InlineData("http://169.254.169.254/latest/meta-data", "forbidden_address", "169.254.169.254")]
    [InlineData("http://0.0.0.0:{0}/x", "forbidden_address", "0.0.0.0")]
    [InlineData("http://0:{0}/x", "forbidden_address", "0.0.0.0")]
    [InlineData("http://[::]:{0}/x", "forbidden_address", "::")]
    [InlineData("file:///etc/passwd", "bad_redirect", "127.0.0.1")]
    [InlineData("", "bad_redirect", "127.0.0.1")]
    [InlineData("http://user:word@127.0.0.1:{0}/x", "bad_redirect", "127.0.0.1")]
    [InlineData("http://[bad/x", "bad_redirect", "127.0.0.1")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/missing", "source_http_error", "[::ffff:127.0.0.1]")]
    public async Task A_bad_redirect_fails_at_once_and_names_the_host_that_is_at_fault(string target, string code, string host)
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var location = string.Format(CultureInfo.InvariantCulture, target, new Uri(server.Root).Port);
        var url = server.Add((context, _) =>
        {
            context.Response.StatusCode = 302;
            context.Response.Headers.Location = location;
            return Task.CompletedTask;
        });

        var failed = await company.FailedAsync((await UrlTests.CreateAsync(company, url)).Id, code);

        Assert.Contains(host, failed.ErrorMessage);
        Assert.Equal(1, server.Hits(url));
    }

    [Fact]
    public async Task Sources_that_do_not_open_keep_nobody_waiting()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        // Three times as many as a worker has slots. Nothing listens on port 1.
        for (var i = 0; i < 12; i++)
        {
            await UrlTests.CreateAsync(company, $"http://127.0.0.1:1/{i}.mp4");
        }

        var created = await UrlTests.CreateAsync(company, server.AddFile("Hello\n"u8.ToArray(), ".txt"), ArtifactType.Script, "hello.txt");
        var done = await company.CompletedAsync(created.Id);

        // Each is given up after five attempts, which take 40 s: the file waited for none of them.
        var others = (await company.Client.ListArtifactsAsync(new(), TestContext.Current.CancellationToken)).Data.Where(a => a.Id != done.Id).ToList();
        Assert.Equal(12, others.Count);
        Assert.DoesNotContain(others, a => a.Status == ArtifactStatus.UploadFailed);
    }

    [Fact]
    public async Task Sources_that_take_the_request_and_say_nothing_are_waited_for_outside_the_slots()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var (gate, open, most) = (new Lock(), 0, 0);
        for (var i = 0; i < 12; i++)
        {
            await UrlTests.CreateAsync(company, server.Add(async (context, _) =>
            {
                lock (gate)
                {
                    most = Math.Max(most, ++open);
                }

                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                lock (gate)
                {
                    open--;
                }
            }));
        }

        // A worker has four slots: the fifth request comes from one that others have lent.
        await Eventually.TrueAsync(() => Task.FromResult(most > 4), () => $"more than four silent sources to be asked at once; there were {most}");
        await company.CompletedAsync((await UrlTests.CreateAsync(company, server.AddFile("Hello\n"u8.ToArray(), ".txt"), ArtifactType.Script, "hello.txt")).Id);
    }

    [Theory]
    [InlineData("\"v1\"", "\"v2\"")]
    [InlineData(null, null)]
    public async Task A_server_that_continues_another_file_is_never_believed(string? before, string? after)
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var (old, replaced) = (WavFile.Of(9_000_000, seed: 1), WavFile.Of(9_000_000, seed: 2));
        var url = server.Add(async (context, hit) =>
        {
            // Minds no If-Range.
            var (content, tag) = hit == 1 ? (old, before) : (replaced, after);
            var from = context.Request.Headers.Range.ToString() is { Length: > 0 } range ? int.Parse(range["bytes=".Length..].Split('-')[0], CultureInfo.InvariantCulture) : 0;
            context.Response.StatusCode = from > 0 ? 206 : 200;
            context.Response.Headers.ETag = tag;
            context.Response.ContentLength = content.Length - from;
            if (from > 0)
            {
                context.Response.Headers.ContentRange = string.Create(CultureInfo.InvariantCulture, $"bytes {from}-{content.Length - 1}/{content.Length}");
            }

            await context.Response.Body.WriteAsync(content.AsMemory(from, hit == 1 ? 6_000_000 : content.Length - from));
            await context.Response.Body.FlushAsync();
            if (hit == 1)
            {
                context.Abort();
            }
        });

        var done = await company.CompletedAsync((await UrlTests.CreateAsync(company, url, ArtifactType.Audio)).Id);

        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(replaced))}", done.Hash);
    }

    [Fact]
    public async Task Without_a_validator_a_broken_transfer_is_read_again_from_the_start_and_compared()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(9_000_000);
        var ranges = 0;
        var url = server.Add(async (context, hit) =>
        {
            ranges += context.Request.Headers.Range.Count;
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content.AsMemory(0, hit < 3 ? 3_000_001 * hit : content.Length));
            await context.Response.Body.FlushAsync();
            if (hit < 3)
            {
                context.Abort();
            }
        });

        var done = await company.CompletedAsync((await UrlTests.CreateAsync(company, url, ArtifactType.Audio)).Id);

        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", done.Hash);
        Assert.Equal((3, 0), (server.Hits(url), ranges));
    }

    [Fact]
    public async Task A_file_that_is_sent_compressed_unasked_is_refused_with_the_reason()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var url = server.Add((context, _) =>
        {
            context.Response.Headers.ContentEncoding = "gzip";
            return SourceServer.SendAsync(context, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], "\"v1\"");
        });

        var failed = await company.FailedAsync((await UrlTests.CreateAsync(company, url)).Id, "source_compressed");
        Assert.Contains("gzip", failed.ErrorMessage);
    }

    [Fact]
    public async Task A_source_that_opens_at_a_later_attempt_is_taken()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(50_000);
        var url = server.Add((context, hit) =>
        {
            if (hit <= 4)
            {
                context.Abort();
                return Task.CompletedTask;
            }

            return SourceServer.SendAsync(context, content, "\"v1\"");
        });

        await company.CompletedAsync((await UrlTests.CreateAsync(company, url, ArtifactType.Audio)).Id);

        Assert.Equal(5, server.Hits(url));
    }

    [Fact]
    public async Task A_server_that_refuses_the_range_it_offered_is_read_from_the_start_again()
    {
        await using var server = await SourceServer.StartAsync();
        var company = await platform.NewCompanyAsync();
        var content = WavFile.Of(9_000_000);
        var url = server.Add((context, hit) =>
        {
            if (context.Request.Headers.Range.Count > 0)
            {
                context.Response.StatusCode = 416;
                return Task.CompletedTask;
            }

            return SourceServer.SendAsync(context, content, "\"v1\"", breakAfter: hit == 1 ? 2_000_000 : hit == 3 ? 4_000_000 : null);
        });

        var done = await company.CompletedAsync((await UrlTests.CreateAsync(company, url, ArtifactType.Audio)).Id);

        Assert.Equal($"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}", done.Hash);
        // Whole, range, whole, and whole again: what it can't do is not asked twice.
        Assert.Equal(4, server.Hits(url));
    }
}
