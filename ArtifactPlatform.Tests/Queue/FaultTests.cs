using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Tests.Media;
using ArtifactPlatform.Tests.Videos;
using Microsoft.EntityFrameworkCore;
using StackExchange.Redis;

namespace ArtifactPlatform.Tests.Queue;

/// <summary>A platform of its own, for tests that kill its parts: the others would notice.</summary>
public sealed class FaultPlatform : IAsyncLifetime
{
    public Platform Platform { get; } = new("faults");

    public async ValueTask InitializeAsync() => await Platform.StartedAsync();

    public ValueTask DisposeAsync() => Platform.DisposeAsync();
}

/// <summary>Nothing is lost whatever dies. The tests take turns, for they share what they kill.</summary>
public sealed partial class FaultTests(FaultPlatform fixture) : IClassFixture<FaultPlatform>
{
    private readonly Platform platform = fixture.Platform;
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_killed_workers_job_is_taken_over_and_ends_with_one_object()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var content = WavFile.Of(12_000_000);
        var reached = new TaskCompletionSource();
        var url = server.Add(async (context, hit) =>
        {
            if (hit == 1)
            {
                // Most of the file, then silence: the worker is in the middle of it when it dies.
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 10_000_000));
                await context.Response.Body.FlushAsync();
                reached.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            await SourceServer.SendAsync(context, content, "\"v1\"");
        });
        var created = await UrlTests.CreateAsync(company, url, ArtifactType.Audio, "tone.wav");
        await reached.Task.WaitAsync(Eventually.Patience, ct);

        await platform.App.KillResourceAsync("worker");
        var done = await company.CompletedAsync(created.Id);

        Assert.Equal(content, await UrlTests.DownloadAsync(company, done.Id));
        Assert.Equal([done.S3Path], await platform.ObjectsAsync($"uploads/{done.Id}/"));
        var events = await company.Client.ListEventsAsync(null, null, 1000, ct);
        Assert.Single(events.Data, e => e.Type == "artifact.upload_started");
        Assert.Single(events.Data, e => e.Type == "artifact.upload_completed");
    }

    [Fact]
    public async Task Jobs_survive_a_flush_of_Redis()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile(WavFile.Of(100_000));
        await platform.App.StopResourceAsync("worker");
        var created = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => UrlTests.CreateAsync(company, url, ArtifactType.Audio)));

        await using (var redis = await ConnectionMultiplexer.ConnectAsync($"{await platform.App.GetConnectionStringAsync("redis", ct)},allowAdmin=true"))
        {
            await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        }

        await platform.App.StartResourceAsync("worker", ct);
        foreach (var artifact in created)
        {
            await company.CompletedAsync(artifact.Id);
        }
    }

    [Fact]
    public async Task While_Redis_is_down_artifacts_are_accepted_and_done_when_it_returns()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        await platform.App.StopResourceAsync("redis");

        var created = await UrlTests.CreateAsync(company, server.AddFile(WavFile.Of(100_000)), ArtifactType.Audio);

        await platform.App.StartResourceAsync("redis", ct);
        await company.CompletedAsync(created.Id);
    }

    [Fact]
    public async Task A_stopping_worker_hands_its_job_back_without_counting_the_attempt()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var content = WavFile.Of(400_000);
        var started = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var url = server.Add(async (context, hit) =>
        {
            if (hit == 1)
            {
                context.Response.ContentLength = content.Length;
                started.SetResult();
                // A trickle keeps the transfer alive beyond the drain.
                for (var i = 0; !context.RequestAborted.IsCancellationRequested; i++)
                {
                    await context.Response.Body.WriteAsync(content.AsMemory(i, 1));
                    await context.Response.Body.FlushAsync();
                    await Task.Delay(500);
                }

                return;
            }

            await SourceServer.SendAsync(context, content, "\"v1\"");
        });
        var created = await UrlTests.CreateAsync(company, url, ArtifactType.Audio);
        await started.Task.WaitAsync(Eventually.Patience, ct);

        await platform.App.StopResourceAsync("worker");

        await using (var db = platform.Database())
        {
            var job = await db.Jobs.AsNoTracking().SingleAsync(j => j.SubjectId == created.Id, ct);
            Assert.Equal(JobStatus.Queued, job.Status);
            Assert.Equal(0, job.Attempt);
        }

        await platform.App.StartResourceAsync("worker", ct);
        await company.CompletedAsync(created.Id);
    }

    [Fact]
    public async Task A_job_that_keeps_killing_its_worker_ends_as_failed()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile(WavFile.Of(100_000));
        await platform.App.StopResourceAsync("worker");
        var created = await UrlTests.CreateAsync(company, url, ArtifactType.Audio);
        await using (var db = platform.Database())
        {
            // As it stands after a worker died in each of its attempts.
            await db.Database.ExecuteSqlAsync($"update jobs set status = 'running', attempt = max_attempts, lease_token = 'gone', lease_until = now() - interval '1 second' where subject_id = {created.Id}", ct);
            await db.Database.ExecuteSqlAsync($"update artifacts set status = 'upload_started' where id = {created.Id}", ct);
        }

        await platform.App.StartResourceAsync("worker", ct);
        await company.FailedAsync(created.Id, "worker_died");

        await using var after = platform.Database();
        Assert.Equal(JobStatus.Dead, await Eventually.GetAsync(
            async () => await after.Jobs.Where(j => j.SubjectId == created.Id && j.Status == JobStatus.Dead).Select(j => (object)j.Status).SingleOrDefaultAsync(ct),
            () => "the job to be buried"));
    }

    [Fact]
    public async Task A_worker_killed_in_the_middle_of_an_encode_leaves_a_ready_video_and_no_orphan()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.UploadVideoAsync(await TestMedia.Mp4Async(20, size: "1280x720"));
        await company.VideoEventAsync(made.Id, v => v.Progress > 5);

        await platform.App.KillResourceAsync("worker");
        var ready = await company.ReadyAsync(made.Id);

        Assert.Equal(2, ready.TranscodeAttempts);
        await using var db = platform.Database();
        var kept = await db.Jobs.Where(j => j.Kind == JobKinds.DeletePackage && j.SubjectId.StartsWith(made.Id)).Select(j => j.SubjectId).ToListAsync(ct);
        kept.Add($"{made.Id}/{await db.Videos.Where(v => v.Id == made.Id).Select(v => v.Package).SingleAsync(ct)}");
        var packages = (await platform.ObjectsAsync($"videos/{made.Id}/")).Select(key => string.Join('/', key.Split('/')[1..3])).Distinct();
        Assert.Equal(kept.Order(), packages.Order());
        var events = await company.Client.ListEventsAsync(null, null, 1000, ct);
        Assert.Single(events.Data, e => e.Type == "video.ready");
    }

    [Fact]
    public async Task A_frozen_worker_that_comes_back_late_changes_nothing()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var content = WavFile.Of(3_000_000);
        var reached = new TaskCompletionSource();
        var url = server.Add(async (context, hit) =>
        {
            if (hit == 1)
            {
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 1_000_000));
                await context.Response.Body.FlushAsync();
                reached.SetResult();
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
                return;
            }

            await SourceServer.SendAsync(context, content, "\"v1\"");
        });
        var created = await UrlTests.CreateAsync(company, url, ArtifactType.Audio);
        await reached.Task.WaitAsync(Eventually.Patience, ct);

        await platform.App.FreezeResourceAsync("worker");
        await EndsWithTheOtherWorkerAsync(company, created.Id, content);
    }

    [Fact]
    public async Task A_worker_frozen_in_a_transaction_keeps_its_rows_from_nobody()
    {
        var company = await platform.NewCompanyAsync();
        await using var server = await SourceServer.StartAsync();
        var content = WavFile.Of(100_000);
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var url = server.Add(async (context, hit) =>
        {
            reached.TrySetResult();
            await goOn.Task;
            await SourceServer.SendAsync(context, content, "\"v1\"");
        });
        var created = await UrlTests.CreateAsync(company, url, ArtifactType.Audio);
        await reached.Task.WaitAsync(Eventually.Patience, ct);

        // The size is put aside in a transaction that locks the artifact's row: the worker waits in it for this one.
        await using (var db = platform.Database())
        {
            await using var locked = await db.Database.BeginTransactionAsync(ct);
            await db.Database.ExecuteSqlAsync($"select 1 from artifacts where id = {created.Id} for update", ct);
            goOn.SetResult();
            await Eventually.TrueAsync(
                async () => await db.Database.SqlQuery<int>($"select count(*)::int as \"Value\" from pg_locks where not granted and pid <> pg_backend_pid()").SingleAsync(ct) > 0,
                () => "the worker to wait for the row");
            await platform.App.FreezeResourceAsync("worker");
        }

        await EndsWithTheOtherWorkerAsync(company, created.Id, content);
    }

    private async Task EndsWithTheOtherWorkerAsync(TestCompany company, string artifactId, byte[] content)
    {
        var second = await platform.App.StartExtraInstanceAsync("worker", ct);
        try
        {
            var done = await company.CompletedAsync(artifactId);
            await platform.App.ThawResourceAsync("worker");

            await using var db = platform.Database();
            var job = await db.Jobs.Where(j => j.SubjectId == artifactId).Select(j => j.Id).SingleAsync(ct);
            await Eventually.TrueAsync(
                () => Task.FromResult(platform.LogsAbout(job) is var lines && (lines.Contains("was lost to another worker", StringComparison.Ordinal) || lines.Contains("failed in attempt", StringComparison.Ordinal))),
                () => $"the first worker to notice that it lost job {job}");
            Assert.Equal(content, await UrlTests.DownloadAsync(company, artifactId));
            Assert.Equal([done.S3Path], await platform.ObjectsAsync($"uploads/{artifactId}/"));
        }
        finally
        {
            await platform.App.ThawResourceAsync("worker");
            await platform.App.StopResourceAsync(second);
        }
    }
}
