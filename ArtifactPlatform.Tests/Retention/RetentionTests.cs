using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Docks;
using ArtifactPlatform.Tests.Ingest;
using ArtifactPlatform.Tests.Usage;
using ArtifactPlatform.Tests.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Retention;

/// <summary>How long a company keeps what it no longer needs.</summary>
public sealed class RetentionTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Settings_begin_with_defaults_change_member_by_member_and_are_audited()
    {
        var (company, other) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var defaults = await company.Client.GetRetentionAsync(ct);
        Assert.Equal((30, 30, 30, 0, null), (defaults.EventsDays, defaults.DeliveriesDays, defaults.FailedUploadsDays, defaults.DeletedArtifactsDays, defaults.UpdatedAt));

        // Two that change different members at once both hold.
        await Task.WhenAll(company.Client.PatchRetentionAsync(new() { EventsDays = 7 }, ct), company.Client.PatchRetentionAsync(new() { DeletedArtifactsDays = 90 }, ct));
        var changed = await company.Client.GetRetentionAsync(ct);

        Assert.Equal((7, 30, 30, 90), (changed.EventsDays, changed.DeliveriesDays, changed.FailedUploadsDays, changed.DeletedArtifactsDays));
        Assert.NotNull(changed.UpdatedAt);
        Assert.Equal(30, (await other.Client.GetRetentionAsync(ct)).EventsDays);
        Assert.Equal(2, (await company.Client.ListAuditLogAsync("retention.changed", null, null, null, ct)).Data.Count);
    }

    [Theory]
    [InlineData("""{"eventsDays":6}""", "eventsDays")]
    [InlineData("""{"deliveriesDays":3651}""", "deliveriesDays")]
    [InlineData("""{"failedUploadsDays":0}""", "failedUploadsDays")]
    [InlineData("""{"deletedArtifactsDays":91}""", "deletedArtifactsDays")]
    [InlineData("""{"deletedArtifactsDays":"soon"}""", "deletedArtifactsDays")]
    public async Task Settings_out_of_bounds_are_refused(string body, string param)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("PATCH", "/api/v1/settings/retention", body, ct);

        Assert.Equal(param, (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);
    }

    [Fact]
    public async Task Old_events_go_and_a_reader_that_resumes_before_them_is_told()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PatchRetentionAsync(new() { EventsDays = 10 }, ct);
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct);
        await using var db = platform.Database();
        // Events 1 (created), 2 to 4, of which 4 is progress, and 5.
        var log = new EventLog(TimeProvider.System);
        foreach (var type in new[] { EventTypes.ArtifactUploadStarted, EventTypes.ArtifactUploadFailed, EventTypes.ArtifactProgress, EventTypes.ArtifactCreated })
        {
            await log.AppendAsync(db, company.CompanyId, type, artifact.ArtifactId, "{}", ct);
        }

        await AgeAsync(1, 3, days: 11);
        await AgeAsync(4, 4, days: 1);
        await AgeAsync(5, 5, days: 9);
        var ids = (await company.Client.ListEventsAsync(null, null, null, ct)).Data.Select(e => e.Id).ToList();
        Assert.Equal(5, ids.Count);

        // Several workers do it at once.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => new Upkeep(platform).PruneEventsAsync(ct)));

        Assert.Equal([ids[4]], (await company.Client.ListEventsAsync(null, null, null, ct)).Data.Select(e => e.Id));
        // Behind the last one removed nothing is missing, progress aside; before it something is.
        Assert.Equal([ids[4]], (await company.Client.ListEventsAsync(ids[2], null, null, ct)).Data.Select(e => e.Id));
        var missed = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.ListEventsAsync(ids[1], null, null, ct));
        Assert.Equal((HttpStatusCode.BadRequest, "events_pruned", "after"), (missed.Status, missed.Error.Code, missed.Error.Param));
        using var http = company.CreateHttp();
        foreach (var path in new[] { "/api/v1/events/stream", $"/api/v1/artifacts/{artifact.ArtifactId}/events" })
        {
            using var refused = await http.GetAsync($"{path}?lastEventId={ids[0]}", ct);
            Assert.Equal("events_pruned", (await refused.ErrorAsync(HttpStatusCode.BadRequest, ct)).Code);
        }

        await foreach (var next in company.Client.StreamEventsAsync(ids[3], ct))
        {
            Assert.Equal(ids[4], next.Id);
            break;
        }

        Task AgeAsync(long first, long last, int days) =>
            db.Database.ExecuteSqlAsync($"update events set created_at = now() - make_interval(days => {days}) where company_id = {company.CompanyId} and sequence between {first} and {last}", ct);
    }

    [Fact]
    public async Task Uploads_that_failed_long_ago_go_as_by_a_delete()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PatchRetentionAsync(new() { FailedUploadsDays = 2 }, ct);
        var old = await FailedAsync(company, days: 3);
        var fresh = await FailedAsync(company, days: 1);
        var session = await company.Client.CreateUploadSessionAsync(new() { Filename = "a.mp4", MimeType = "video/mp4", FileSizeBytes = 10 }, ct);
        await company.Client.AbortUploadAsync(session.Id, ct);
        var dock = await company.NewDockAsync(ct);
        var (oldDeposit, freshDeposit) = (await RefusedDepositAsync(dock), await RefusedDepositAsync(dock));
        await using var db = platform.Database();
        await db.Database.ExecuteSqlAsync($"update uploads set updated_at = now() - interval '3 days' where id = {session.Id}", ct);
        await db.Database.ExecuteSqlAsync($"update dock_artifacts set updated_at = now() - interval '3 days' where id = {oldDeposit}", ct);

        await new Upkeep(platform).PruneFailedUploadsAsync(ct);

        Assert.Equal([fresh], (await company.Client.ListArtifactsAsync(new(), ct)).Data.Select(a => a.Id));
        Assert.False(await db.Uploads.AnyAsync(u => u.Id == session.Id, ct));
        Assert.Equal([freshDeposit], (await dock.AsKey.ListAsync(new(), ct)).Data.Select(a => a.Id));
        Assert.Contains((await company.Client.ListEventsAsync(null, [EventTypes.ArtifactDeleted], null, ct)).Data, e => e.Data.Object.GetProperty("id").GetString() == old);
        Assert.Equal(new AuditActor(AuditActorType.Platform, "retention", null), Assert.Single((await company.Client.ListAuditLogAsync(null, old, null, null, ct)).Data).Actor);
    }

    [Fact]
    public async Task A_deleted_artifact_can_be_restored_while_its_company_keeps_it()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PatchRetentionAsync(new() { DeletedArtifactsDays = 1 }, ct);
        var made = await CompleteAsync(company, "Two takes", joined: true);
        var unfinished = await company.Client.CreateUploadAsync(new() { Name = "never.txt", Type = ArtifactType.Script }, ct);
        await company.Client.DeleteArtifactAsync(made.Id, ct);
        await company.Client.DeleteArtifactAsync(unfinished.ArtifactId, ct);

        Assert.Empty((await company.Client.ListArtifactsAsync(new(), ct)).Data);
        Assert.Equal(made.Size, (await Quotas.StoredAsync(company)).Used);
        var deleted = Assert.Single((await company.Client.ListDeletedArtifactsAsync(null, null, ct)).Data);
        Assert.Equal((made.Id, made.Name, made.Type, made.Size, TimeSpan.FromDays(1)), (deleted.Id, deleted.Name, deleted.Type, deleted.Size, deleted.RestorableUntil - deleted.DeletedAt));
        await MissingAsync(async () => await company.Client.GetArtifactAsync(made.Id, ct));
        await MissingAsync(async () => await (await platform.NewCompanyAsync()).Client.RestoreArtifactAsync(made.Id, ct));

        // Two at once take it back once.
        var restored = await Task.WhenAll(TryAsync(), TryAsync());

        Assert.Single(restored, a => a is not null);
        Assert.Equal(made.Size, (await Quotas.StoredAsync(company)).Used);
        var back = await company.Client.GetArtifactAsync(made.Id, ct);
        Assert.Equal((made.Hash, made.Duration, made.Metadata?.GetRawText(), made.Fragments?.Count, made.CreatedAt), (back.Hash, back.Duration, back.Metadata?.GetRawText(), back.Fragments?.Count, back.CreatedAt));
        Assert.Equal(made.Media?.AudioCodec, back.Media?.AudioCodec);
        Assert.NotEmpty(await platform.ObjectsAsync($"uploads/{made.Id}/"));
        Assert.Equal(["artifact.restored", "artifact.deleted"], (await company.Client.ListAuditLogAsync(null, made.Id, null, null, ct)).Data.Select(e => e.Action));
        await MissingAsync(async () => await company.Client.RestoreArtifactAsync(unfinished.ArtifactId, ct));
        await using var db = platform.Database();
        Assert.Equal(2, await db.Fragments.CountAsync(f => f.ArtifactId == made.Id, ct));

        async Task<ArtifactObject?> TryAsync()
        {
            try
            {
                return await company.Client.RestoreArtifactAsync(made.Id, ct);
            }
            catch (PlatformApiException e) when (e.Error.Code == "artifact_not_restorable")
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_deleted_artifact_whose_file_was_lost_is_not_restored()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PatchRetentionAsync(new() { DeletedArtifactsDays = 1 }, ct);
        var made = await CompleteAsync(company, "One take");
        await company.Client.DeleteArtifactAsync(made.Id, ct);
        await platform.Store.DeleteBelowAsync($"uploads/{made.Id}/", exceptKey: null, ct);

        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.RestoreArtifactAsync(made.Id, ct));
        Assert.Equal((HttpStatusCode.Conflict, "content_lost"), (e.Status, e.Error.Code));
        Assert.Single((await company.Client.ListDeletedArtifactsAsync(null, null, ct)).Data);
    }

    [Fact]
    public async Task When_its_time_is_over_a_deleted_artifact_is_gone_for_good()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PatchRetentionAsync(new() { DeletedArtifactsDays = 1 }, ct);
        var made = await CompleteAsync(company, "One take");
        await company.Client.DeleteArtifactAsync(made.Id, ct);
        await using var db = platform.Database();
        Assert.NotEmpty(await platform.ObjectsAsync($"uploads/{made.Id}/"));

        await db.Database.ExecuteSqlAsync($"update restorable_artifacts set restorable_until = now() - interval '1 second' where id = {made.Id}", ct);
        await db.Database.ExecuteSqlAsync($"update jobs set run_after = now() where subject_id = {made.Id}", ct);
        await platform.ObjectCountAsync($"uploads/{made.Id}/", 0);
        await MissingAsync(async () => await company.Client.RestoreArtifactAsync(made.Id, ct));
        await Eventually.TrueAsync(async () => (await Quotas.StoredAsync(company)).Used == 0, () => "its space to be given back");
        await new Upkeep(platform).PruneRowsAsync(ct);

        Assert.Empty((await company.Client.ListDeletedArtifactsAsync(null, null, ct)).Data);
        Assert.False(await db.RestorableArtifacts.AnyAsync(a => a.Id == made.Id, ct));
    }

    [Fact]
    public async Task Old_deliveries_go_younger_ones_and_what_is_on_its_way_stay()
    {
        var company = await platform.NewCompanyAsync();
        await company.Client.PatchRetentionAsync(new() { DeliveriesDays = 7 }, ct);
        await using var receiver = await HookReceiver.StartAsync();
        var endpoint = await company.Client.CreateWebhookEndpointAsync(new() { Url = receiver.Add(), Events = ["*"] }, ct);
        foreach (var count in Enumerable.Range(1, 3))
        {
            await company.Client.TestWebhookEndpointAsync(endpoint.Id, ct);
            await receiver.CountAsync(endpoint.Url, count);
        }

        var made = await Eventually.GetAsync(async () => await ListAsync() is var all && all.All(d => d.Status == WebhookDeliveryStatus.Delivered) ? all : null, () => "all to be settled");
        var (young, old, waiting) = (made[0].Id, made[1].Id, made[2].Id);
        await using var db = platform.Database();
        await db.Database.ExecuteSqlAsync($"update webhook_deliveries set created_at = now() - interval '6 days' where id = {young}", ct);
        await db.Database.ExecuteSqlAsync($"update webhook_deliveries set created_at = now() - interval '8 days' where id = {old}", ct);
        await db.Database.ExecuteSqlAsync($"update webhook_deliveries set created_at = now() - interval '8 days', status = 'pending', next_attempt_at = now() + interval '1 hour' where id = {waiting}", ct);

        await new Upkeep(platform).PruneRowsAsync(ct);

        Assert.Equal([young, waiting], (await ListAsync()).Select(d => d.Id));

        async Task<IReadOnlyList<WebhookDeliveryObject>> ListAsync() => (await company.Client.ListWebhookDeliveriesAsync(endpoint.Id, new(), ct)).Data;
    }

    private async Task<string> RefusedDepositAsync(TestDock dock)
    {
        var content = TestDock.Content();
        var refused = await dock.EndedAsync((await dock.DepositAsync(new() { Filename = "a", Hash = TestDock.HashOf(TestDock.Content()) }, content, ct)).Id, ct);
        Assert.Equal("hash_mismatch", refused.ErrorCode);
        return refused.Id;
    }

    private static async Task MissingAsync(Func<Task> call) => Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<PlatformApiException>(call)).Status);

    private async Task<string> FailedAsync(TestCompany company, int days)
    {
        await using var server = await SourceServer.StartAsync();
        var artifact = await company.Client.CreateArtifactAsync(new() { Name = "a.txt", Type = ArtifactType.Script, Url = server.AddFile([0, 1, 2]) }, ct);
        await company.EndedAsync(artifact.Id);
        await using var db = platform.Database();
        // Time is never set back by a change; the trigger that sees to it has to look away.
        await db.Database.ExecuteSqlAsync($"begin; set local session_replication_role = replica; update artifacts set updated_at = now() - make_interval(days => {days}) where id = {artifact.Id}; commit", ct);
        return artifact.Id;
    }

    private async Task<ArtifactObject> CompleteAsync(TestCompany company, string name, bool joined = false)
    {
        await using var server = await SourceServer.StartAsync();
        var url = server.AddFile(WavFile.Of(WavFile.HeaderBytes + 19_200), ".wav");
        var artifact = await company.Client.CreateArtifactAsync(
            new()
            {
                Name = name, Type = ArtifactType.Audio, Metadata = System.Text.Json.JsonSerializer.SerializeToElement(new { take = 1.5 }),
                Url = joined ? null : url, Fragments = joined ? [new() { Url = url, StartTime = 0 }, new() { Url = url, StartTime = 1 }] : null,
            },
            ct);
        return await company.CompletedAsync(artifact.Id);
    }
}
