using System.Diagnostics.Metrics;
using Amazon.S3.Model;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Worker.Upkeep.Reconciling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ArtifactPlatform.Tests.Storage;

/// <summary>The storage reconciler, in a bucket of the real store and a database of the test's own.</summary>
public sealed class ReconcileTests(Platform platform) : IClassFixture<StartedPlatform>, IAsyncLifetime
{
    /// <summary>Longer than any grace: what is in the bucket now is old then.</summary>
    private static readonly TimeSpan Later = TimeSpan.FromDays(4);

    /// <summary>Every way in which a row accounts for an object.</summary>
    private static readonly string[] Kept =
    [
        "uploads/done/source_video.mp4", "uploads/done/2/source_video.mp4", "incoming/awaited/source", "incoming/session/source", "uploads/kept/source_audio.wav", "temp/place/a.mp4",
        "docks/art_gone/content.pdf", "incoming/art_1/source", "videos/vid_1/plays/package.json", "videos/vid_1/captions/cap_1.vtt", "videos/vid_1/replaced/video.mp4", "videos/vid_2/draft/video.mp4",
        "uploads/going/source_video.mp4",
    ];

    private static readonly string[] Orphans =
    [
        "uploads/none/source_video.mp4", "incoming/none/source", "temp/none/a.mp4", "docks/art_none/content", "videos/vid_none/p/video.mp4", "videos/vid_1/abandoned/video.mp4", "doctor/1/put",
    ];

    /// <summary>Not the platform's.</summary>
    private static readonly string[] Foreign = ["backup/2026.tar", "uploads/loose-file", "videos/vid_1/loose-file"];

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private OwnDatabase database = null!;
    private OwnBucket bucket = null!;
    private ObjectStore store = null!;

    public async ValueTask InitializeAsync()
    {
        database = await OwnDatabase.CreateAsync(platform);
        bucket = await OwnBucket.CreateAsync(platform);
        store = OwnBucket.Open(bucket.Options);
    }

    public async ValueTask DisposeAsync()
    {
        store.Dispose();
        bucket.Dispose();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Objects_without_rows_are_counted_at_once_and_removed_when_they_are_old_and_nothing_else_ever_is()
    {
        await FillAsync();
        await bucket.S3.InitiateMultipartUploadAsync(bucket.Options.Bucket, "uploads/parts/source_video.mp4", ct);

        // However old: before one whole pass nothing is removed.
        Assert.Equal((Found.Length, Orphans.Length, 0, 0), await PassAsync(Later));
        // However sure: nothing young is removed.
        Assert.Equal((Found.Length, Orphans.Length, 0, 0), await PassAsync(TimeSpan.Zero));
        Assert.Equal((Found.Length, Orphans.Length, 0, 0), await PassAsync(Later, remove: false));
        Assert.Equal(Found.Order(StringComparer.Ordinal), await KeysAsync());

        Assert.Equal((Found.Length, Orphans.Length, Orphans.Length, 0), await PassAsync(Later));

        Assert.Equal(Kept.Concat(Foreign).Order(StringComparer.Ordinal), await KeysAsync());
        Assert.Single((await bucket.S3.ListMultipartUploadsAsync(bucket.Options.Bucket, ct)).MultipartUploads);
        Assert.Equal((Kept.Length + Foreign.Length, 0, 0, 0), await PassAsync(Later));
    }

    [Fact]
    public async Task Rows_without_objects_are_reported_and_left_alone()
    {
        await FillAsync();
        await SqlAsync("insert into artifacts select (jsonb_populate_record(a, jsonb_build_object('id', 'lost', 's3_key', 'uploads/lost/source_video.mp4'))).* from artifacts a where id = 'done'");
        await SqlAsync("insert into artifacts select (jsonb_populate_record(a, jsonb_build_object('id', 'elsewhere', 's3_key', 'uploads/elsewhere/x.mp4', 's3_bucket', 'another'))).* from artifacts a where id = 'done'");
        await SqlAsync("insert into restorable_artifacts select 'deleted', 'c', to_jsonb(a) || '{\"s3_key\": \"uploads/deleted/source_video.mp4\"}'::jsonb, null, now(), now() + interval '1 day' from artifacts a where id = 'done'");
        await SqlAsync("update videos set package = 'vanished' where id = 'vid_2'");
        foreach (var key in new[] { "docks/art_gone/content.pdf", "videos/vid_1/captions/cap_1.vtt" })
        {
            await store.DeleteAsync(key, ct);
        }

        var log = new Lines();
        var pass = await PassAsync(Later, pageSize: 2, log: log);

        Assert.Equal(5, pass.Missing);
        Assert.Equal(["art_1", "cap_1", "deleted", "lost", "vid_2"], log.Texts.Where(t => t.Contains("is not in the store", StringComparison.Ordinal)).Select(t => t.Split(' ')[3]).Order());
        await using var db = database.CreateDbContext();
        Assert.True(await db.Artifacts.AnyAsync(a => a.Id == "lost", ct));
    }

    [Fact]
    public async Task A_pass_goes_on_where_a_worker_died_and_counts_nothing_twice()
    {
        await FillAsync();
        await PassAsync(Later);
        await DueAsync();
        var dies = Reconciler(Later, pageSize: 3);
        Assert.True(await dies.StepAsync(ct));
        Assert.True(await dies.StepAsync(ct));
        var before = await StateAsync();
        Assert.Equal((6, await KeysAsync() is var left ? Found.Length - left.Count : 0), ((int)before.Objects, (int)before.Removed));
        // It had removed what its third page showed when it died, and could not say so.
        var third = await Page(Later, pageSize: 3).RunAsync(before.Cursor, mayRemove: true, ct);

        // Nobody else goes on while its lease lives.
        var other = Reconciler(Later, pageSize: 3);
        Assert.False(await other.StepAsync(ct));
        Assert.Equal(before.Cursor, (await StateAsync()).Cursor);
        await SqlAsync("update storage_passes set lease_until = now() - interval '1 second'");
        while (await other.StepAsync(ct))
        {
        }

        // What the dead one did in its last page is done; the log has it, the sums have not.
        var after = await StateAsync();
        Assert.Equal((Found.Length - third.Removed, Orphans.Length - third.Removed, Orphans.Length - third.Removed), ((int)after.LastObjects, (int)after.LastOrphans, (int)after.LastRemoved));
        Assert.Equal(Kept.Concat(Foreign).Order(StringComparer.Ordinal), await KeysAsync());
        // The first has lost its lease: what it would still say counts for nothing, and no pass is due.
        Assert.False(await dies.StepAsync(ct));
    }

    [Fact]
    public async Task A_database_that_is_not_the_buckets_own_costs_no_object()
    {
        await FillAsync();
        await PassAsync(Later);
        await SqlAsync("update storage_passes set last_objects = 5000, last_orphans = 4000");
        var log = new Lines();

        var pass = await PassAsync(Later, log: log);

        Assert.Equal((Orphans.Length, 0), (pass.Orphans, pass.Removed));
        Assert.Contains(log.Texts, t => t.Contains("Is this the right database", StringComparison.Ordinal));
        Assert.Equal(Found.Length, (await KeysAsync()).Count);
    }

    [Fact]
    public async Task The_numbers_are_metrics()
    {
        await FillAsync();
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new ReconcileMetrics(services.GetRequiredService<IMeterFactory>());
        var seen = new Dictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => Enable(instrument, l, services.GetRequiredService<IMeterFactory>()) };
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => seen[instrument.Name] = value + (instrument is Counter<long> ? seen.GetValueOrDefault(instrument.Name) : 0));
        listener.Start();
        listener.RecordObservableInstruments();
        Assert.Empty(seen);

        await PassAsync(Later, metrics: metrics);
        await PassAsync(Later, metrics: metrics);
        listener.RecordObservableInstruments();

        Assert.Equal((Found.Length, Orphans.Length, Orphans.Length, 0), (seen["storage.objects"], seen["storage.orphans"], seen["storage.orphans.removed"], seen["storage.missing"]));
        Assert.Equal(Orphans.Sum(o => o.Length), seen["storage.orphans.size"]);

        static void Enable(Instrument instrument, MeterListener listener, IMeterFactory mine)
        {
            if (ReferenceEquals(instrument.Meter.Scope, mine))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        }
    }

    private static string[] Found => [.. Kept, .. Orphans, .. Foreign];

    /// <summary>One whole pass, as a worker would make it after <paramref name="later"/>.</summary>
    private async Task<(int Objects, int Orphans, int Removed, int Missing)> PassAsync(TimeSpan later, int pageSize = 5, bool remove = true, Lines? log = null, ReconcileMetrics? metrics = null)
    {
        await DueAsync();
        var reconciler = Reconciler(later, pageSize, remove, log, metrics);
        while (await reconciler.StepAsync(ct))
        {
        }

        var state = await StateAsync();
        return ((int)state.LastObjects, (int)state.LastOrphans, (int)state.LastRemoved, (int)state.LastMissing);
    }

    private Task DueAsync() => SqlAsync("update storage_passes set finished_at = finished_at - interval '1 day'");

    private ReconcilePage Page(TimeSpan later, int pageSize, bool remove = true, Lines? log = null) =>
        new(database, store, Options(pageSize, remove), new ShiftedClock(later), log ?? (ILogger<ReconcilePage>)NullLogger<ReconcilePage>.Instance);

    private ReconcileStorage Reconciler(TimeSpan later, int pageSize, bool remove = true, Lines? log = null, ReconcileMetrics? metrics = null) => new(
        Page(later, pageSize, remove, log),
        new PassLease(database),
        metrics ?? new ReconcileMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()),
        store,
        Options(pageSize, remove),
        new ShiftedClock(later),
        log ?? (ILogger<ReconcileStorage>)NullLogger<ReconcileStorage>.Instance);

    private static Microsoft.Extensions.Options.IOptions<ReconcileOptions> Options(int pageSize, bool remove) =>
        Microsoft.Extensions.Options.Options.Create(new ReconcileOptions { PageSize = pageSize, Remove = remove });

    private async Task<StoragePass> StateAsync()
    {
        await using var db = database.CreateDbContext();
        return await db.StoragePasses.AsNoTracking().SingleAsync(ct);
    }

    private async Task<List<string>> KeysAsync()
    {
        var keys = new List<string>();
        await foreach (var key in store.ListAsync("", ct))
        {
            keys.Add(key);
        }

        return keys;
    }

    private async Task FillAsync()
    {
        await Parallel.ForEachAsync(Found, ct, async (key, token) => await store.WriteTextAsync(key, key, "text/plain", token));
        await SqlAsync(
            $"""
            insert into companies values ('c', 'Company', now());
            insert into users (id, company_id, email, name, role, password_hash, created_at) values ('u', 'c', 'u@example.com', 'U', 'owner', '', now());
            insert into artifacts (id, company_id, name, file_name, type, status, upload_method, source, s3_bucket, s3_key, created_at, updated_at)
            values ('done', 'c', 'a', 'a', 'video', 'upload_completed', 'direct_url', 'upload', '{bucket.Options.Bucket}', 'uploads/done/source_video.mp4', now(), now()),
                ('awaited', 'c', 'a', 'a', 'video', 'created', 'direct_url', 'upload', '{bucket.Options.Bucket}', 'uploads/awaited/source_video.mp4', now(), now());
            insert into restorable_artifacts values ('kept', 'c', '{EmptyJson}', null, now(), now() + interval '1 day');
            insert into temp_uploads values ('place', 'c', 'temp/place/a.mp4', 'a.mp4', now(), now());
            insert into uploads (id, company_id, artifact_id, status, method, filename, mime_type, file_size_bytes, title, tags, policy, s3_key, created_at, updated_at, expires_at)
            values ('up_1', 'c', 'session', 'created', 'single', 'a', 'video/mp4', 1, 'a', '{EmptyJson}', 'public', 'incoming/session/source', now(), now(), now());
            insert into docks values ('dock_1', 'c', 'u', 'Dock', 1, now(), now());
            insert into dock_artifacts (id, company_id, dock_id, upload_id, user_id, filename, status, upload_expires_at, s3_key, created_at, updated_at)
            values ('art_1', 'c', 'dock_1', 'upload_1', 'u', 'a.pdf', 'upload_completed', now(), 'docks/art_gone/content.pdf', now(), now());
            insert into videos (id, company_id, owns_artifact, awaits_artifact, ingest_kind, title, quality, tags, status, package, created_at, updated_at, queued_at)
            values ('vid_1', 'c', false, false, 'url', 'a', '720p', '{EmptyJson}', 'ready', 'plays', now(), now(), now()),
                ('vid_2', 'c', false, false, 'url', 'a', '720p', '{EmptyJson}', 'preparing', null, now(), now(), now());
            insert into captions values ('cap_1', 'c', 'vid_1', 'en', 'English', now());
            insert into jobs (id, company_id, kind, subject_id, version, status, max_attempts, run_after, created_at, updated_at)
            values ('job_1', 'c', 'delete_package', 'vid_1/replaced', 1, 'queued', 20, now(), now(), now()), ('job_2', 'c', 'delete_objects', 'going', 1, 'queued', 20, now(), now(), now());
            """);
    }

    private const string EmptyJson = "{}";

    private async Task SqlAsync(string sql)
    {
        await using var db = database.CreateDbContext();
        await db.Database.OpenConnectionAsync(ct);
        await using var command = db.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(ct);
    }

    private sealed class ShiftedClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }

    private sealed class Lines : ILogger<ReconcilePage>, ILogger<ReconcileStorage>
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> texts = new();

        public IReadOnlyCollection<string> Texts => texts;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => texts.Enqueue(formatter(state, exception));
    }
}
