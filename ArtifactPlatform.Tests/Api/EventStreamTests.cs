using System.Net;
using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Events;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Replay and live streams.</summary>
public sealed class EventStreamTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Live = "/api/v1/events/stream";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_change_reaches_a_listener_in_the_order_of_the_log()
    {
        var company = await platform.NewCompanyAsync();
        using var stream = await SseStream.OpenAsync(company.CreateHttp(), Live, null, ct);
        var upload = await CreateAsync(company);
        await company.Client.DeleteArtifactAsync(upload, ct);
        var messages = await stream.TakeAsync(2, ct);
        var logged = await company.Client.ListEventsAsync(null, null, null, ct);

        Assert.Equal(["artifact.created", "artifact.deleted"], messages.Select(m => m.Event));
        Assert.Equal(logged.Data.Select(e => e.Id), messages.Select(m => m.Id));
        Assert.All(messages, m => Assert.Equal((m.Id, m.Event, company.CompanyId, upload), (m.Data.Id, m.Data.Type, m.Data.CompanyId, m.Data.Data.Object.GetProperty("id").GetString())));
        Assert.Equal(logged.Data.Select(e => JsonSerializer.Serialize(e)), messages.Select(m => JsonSerializer.Serialize(m.Data)));
    }

    [Fact]
    public async Task A_listener_that_resumes_gets_everything_once_while_many_write()
    {
        var company = await platform.NewCompanyAsync();
        const int writers = 6, each = 30;
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(_ => AppendAsync(company, each)));
        var seen = new List<string>();
        string? last = "evt_000000000000000000000000";
        while (seen.Count < writers * each)
        {
            using var stream = await SseStream.OpenAsync(company.CreateHttp(), Live, last, ct);
            var part = await stream.TakeAsync(Math.Min(23, (writers * each) - seen.Count), ct);
            seen.AddRange(part.Select(m => m.Id));
            last = part[^1].Id;
        }

        await writing;
        var logged = await company.Client.ListEventsAsync(null, null, 1000, ct);
        Assert.Equal(logged.Data.Select(e => e.Id), seen);
        Assert.Equal(writers * each, seen.Count);
    }

    [Fact]
    public async Task A_listener_that_was_away_for_longer_than_events_are_held_ready_misses_none()
    {
        var company = await platform.NewCompanyAsync();
        // Keeps the company's feed open, so that it fills up and lets its older events go.
        using var idle = await SseStream.OpenAsync(company.CreateHttp(), Live, null, ct);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AppendAsync(company, 400)));
        using var stream = await SseStream.OpenAsync(company.CreateHttp(), $"{Live}?lastEventId=evt_000000000000000000000000", null, ct);
        var sequences = (await stream.TakeAsync(1600, ct)).Select(m => EventLog.TryParseId(m.Id, out var sequence) ? sequence : 0);

        Assert.Equal(Enumerable.Range(1, 1600).Select(n => (long)n), sequences);
    }

    [Fact]
    public async Task A_quiet_stream_beats_stays_open_and_still_delivers()
    {
        var company = await platform.NewCompanyAsync();
        using var stream = await SseStream.OpenAsync(company.CreateHttp(), Live, null, ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(TimeSpan.FromSeconds(90));

        // A beat comes every 15 s.
        Assert.True(await stream.BeatsAsync(3, patience.Token), platform.LogsAbout(company.CompanyId));

        await CreateAsync(company);
        Assert.Equal(["artifact.created"], (await stream.TakeAsync(1, ct)).Select(m => m.Event));
    }

    [Fact]
    public async Task An_artifacts_stream_begins_with_its_state_and_ends_with_its_deletion()
    {
        var company = await platform.NewCompanyAsync();
        var id = await CreateAsync(company);
        var other = await CreateAsync(company);
        using var stream = await SseStream.OpenAsync(company.CreateHttp(), $"/api/v1/artifacts/{id}/events", null, ct);
        var state = (await stream.TakeAsync(1, ct)).Single();
        Assert.Equal(("artifact.created", id), (state.Event, state.Data.Data.Object.GetProperty("id").GetString()));
        Assert.DoesNotContain((await company.Client.ListEventsAsync(null, null, null, ct)).Data, e => e.Id == state.Id);

        await company.Client.DeleteArtifactAsync(other, ct);
        await company.Client.DeleteArtifactAsync(id, ct);
        var rest = await stream.TakeAsync(10, ct);
        Assert.Equal(["artifact.deleted"], rest.Select(m => m.Event));

        // Whoever lost the connection before still learns of it; a newcomer finds nothing.
        using var resumed = await SseStream.OpenAsync(company.CreateHttp(), $"/api/v1/artifacts/{id}/events", state.Id, ct);
        Assert.Equal(rest.Select(m => m.Id), (await resumed.TakeAsync(10, ct)).Select(m => m.Id));
        using var http = company.CreateHttp();
        using var late = await http.GetAsync($"/api/v1/artifacts/{id}/events", ct);
        Assert.Equal("artifact_not_found", (await late.ErrorAsync(HttpStatusCode.NotFound, ct)).Code);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("evt_00000000ffff000000000000")]
    public async Task A_place_that_the_log_does_not_have_is_refused(string id)
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await CreateAsync(company);
        using var http = company.CreateHttp();
        foreach (var path in new[] { $"{Live}?lastEventId={id}", $"/api/v1/artifacts/{artifact}/events?lastEventId={id}", $"/api/v1/events?after={id}" })
        {
            using var response = await http.SendAsync("GET", path, null, ct);
            Assert.Equal("invalid_cursor", (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Code);
        }
    }

    [Fact]
    public async Task Replay_goes_on_behind_an_event_and_narrows_by_type()
    {
        var company = await platform.NewCompanyAsync();
        var id = await CreateAsync(company);
        await CreateAsync(company);
        await company.Client.DeleteArtifactAsync(id, ct);
        var first = await company.Client.ListEventsAsync(null, null, 2, ct);
        var second = await company.Client.ListEventsAsync(first.Data[^1].Id, null, 2, ct);

        Assert.Equal((2, true, 1, false), (first.Data.Count, first.HasMore, second.Data.Count, second.HasMore));
        Assert.Equal(["artifact.deleted"], (await company.Client.ListEventsAsync(null, ["artifact.deleted", "video.ready"], null, ct)).Data.Select(e => e.Type));
        Assert.Equal(3, (await company.Client.ListEventsAsync(null, ["artifact.*"], null, ct)).Data.Count);
        Assert.Empty((await company.Client.ListEventsAsync(null, ["video.*"], null, ct)).Data);
        Assert.Equal(3, (await company.Client.ListEventsAsync(null, ["*"], null, ct)).Data.Count);
        foreach (var none in new[] { "'; --", "artifact.nope", "nope.*", "artifact", "" })
        {
            var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.ListEventsAsync(null, ["artifact.created", none], null, ct));
            Assert.Equal(("unknown_event_type", "types"), (e.Error.Code, e.Error.Param));
        }
    }

    [Fact]
    public async Task Another_companys_event_is_no_place_in_the_log()
    {
        var (company, other) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var artifact = await CreateAsync(company);
        await CreateAsync(other);
        var foreign = Assert.Single((await other.Client.ListEventsAsync(null, null, null, ct)).Data).Id;
        using var http = company.CreateHttp();
        foreach (var path in new[] { $"{Live}?lastEventId={foreign}", $"/api/v1/artifacts/{artifact}/events?lastEventId={foreign}", $"/api/v1/events?after={foreign}" })
        {
            using var response = await http.SendAsync("GET", path, null, ct);
            Assert.Equal("invalid_cursor", (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Code);
        }
    }

    [Theory]
    [InlineData("artifacts:read", "artifact.")]
    [InlineData("videos:read", "video.", "upload.")]
    [InlineData("artifacts:read videos:read", "artifact.", "video.", "upload.")]
    public async Task A_key_sees_the_events_that_its_scopes_cover_in_replay_and_stream(string scopes, params string[] kinds)
    {
        var company = await platform.NewCompanyAsync();
        var key = await company.Client.CreateApiKeyAsync(new() { Name = "narrow", Scopes = scopes.Split(' ') }, ct);
        var client = new PlatformClient(platform.CreateClient(), key.Key);
        using var live = await SseStream.OpenAsync(platform.CreateClient(key.Key), Live, null, ct);
        // Twice, so that what a stream must not show would come before something that it must.
        foreach (var type in EventTypes.Logged.Concat(EventTypes.Logged))
        {
            await AppendAsync(company, 1, type: type);
        }

        var whole = (await company.Client.ListEventsAsync(null, null, null, ct)).Data;
        var covered = whole.Where(e => kinds.Any(kind => e.Type.StartsWith(kind, StringComparison.Ordinal))).Select(e => e.Id).ToList();
        Assert.Equal((EventTypes.Logged.Count * 2, true), (whole.Count, covered.Count >= kinds.Length));

        Assert.Equal(covered, (await live.TakeAsync(covered.Count, ct)).Select(m => m.Id));
        using var resumed = await SseStream.OpenAsync(platform.CreateClient(key.Key), Live, whole[0].Id, ct);
        Assert.Equal(covered.Where(id => id != whole[0].Id), (await resumed.TakeAsync(covered.Count(id => id != whole[0].Id), ct)).Select(m => m.Id));
        Assert.Equal(covered, (await client.ListEventsAsync(null, null, null, ct)).Data.Select(e => e.Id));
        // A page is filled with what is covered, and any place of the log is one to go on behind.
        var page = await client.ListEventsAsync(null, null, covered.Count - 1, ct);
        Assert.Equal((covered.Count - 1, true), (page.Data.Count, page.HasMore));
        Assert.Equal(covered[^1..], (await client.ListEventsAsync(page.Data[^1].Id, null, covered.Count, ct)).Data.Select(e => e.Id));
        Assert.Empty((await client.ListEventsAsync(whole[^1].Id, null, null, ct)).Data);
        Assert.Equal(kinds.Contains("video."), (await client.ListEventsAsync(null, ["video.ready"], null, ct)).Data.Count > 0);
    }

    [Fact]
    public async Task A_key_that_reads_neither_artifacts_nor_videos_sees_no_events()
    {
        var company = await platform.NewCompanyAsync("artifacts:write", "videos:write", "admin");
        using var http = company.CreateHttp();
        foreach (var path in new[] { Live, "/api/v1/events" })
        {
            using var response = await http.SendAsync("GET", path, null, ct);
            var error = await response.ErrorAsync(HttpStatusCode.Forbidden, ct);
            Assert.Equal("scope_missing", error.Code);
            Assert.StartsWith("This needs the scope artifacts:read or videos:read, which the API key or user does not have.", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_stream_ends_within_seconds_of_its_keys_revocation()
    {
        var company = await platform.NewCompanyAsync();
        var key = await company.Client.CreateApiKeyAsync(new() { Name = "short-lived", Scopes = ["artifacts:read"] }, ct);
        using var stream = await SseStream.OpenAsync(platform.CreateClient(key.Key), Live, null, ct);
        using var stays = await SseStream.OpenAsync(company.CreateHttp(), Live, null, ct);

        await company.Client.RevokeApiKeyAsync(key.Id, ct);
        Assert.Null(await stream.NextAsync(ct).WaitAsync(TimeSpan.FromSeconds(10), ct));

        await CreateAsync(company);
        Assert.NotNull(await stays.NextAsync(ct));
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody()
    {
        var company = await platform.NewCompanyAsync();
        using var stuck = await SseStream.OpenAsync(company.CreateHttp(), Live, null, ct);
        using var lively = await SseStream.OpenAsync(company.CreateHttp(), Live, null, ct);
        var reading = lively.TakeAsync(900, ct);
        // Far more than fits the stuck client's socket buffers.
        await AppendAsync(company, 900, new string('x', 20_000));

        Assert.Equal(900, (await reading).Count);
    }

    [Fact]
    public async Task The_client_comes_back_after_a_broken_connection_and_loses_nothing()
    {
        var company = await platform.NewCompanyAsync();
        using var http = new HttpClient(new CutStreams { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = platform.ApiUrl };
        var client = new PlatformClient(http, company.ApiKey);
        // One more than is awaited: a stream is cut only when a second event comes.
        await AppendAsync(company, 6);
        var seen = new List<string>();
        await foreach (var next in client.StreamEventsAsync("evt_000000000000000000000000", ct))
        {
            seen.Add(next.Id);
            if (seen.Count == 5)
            {
                break;
            }
        }

        Assert.Equal((await company.Client.ListEventsAsync(null, null, 5, ct)).Data.Select(e => e.Id), seen);
    }

    [Fact]
    public async Task The_client_gives_up_when_the_api_refuses_it()
    {
        var client = new PlatformClient(platform.CreateClient(), "ak_live_unknown");
        var e = await Assert.ThrowsAsync<PlatformApiException>(async () => await client.StreamEventsAsync(null, ct).GetAsyncEnumerator(ct).MoveNextAsync());

        Assert.Equal(HttpStatusCode.Unauthorized, e.Status);
    }

    private async Task<string> CreateAsync(TestCompany company) =>
        (await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct)).ArtifactId;

    private async Task AppendAsync(TestCompany company, int count, string filler = "", string type = EventTypes.ArtifactProgress)
    {
        var log = new EventLog(TimeProvider.System);
        var json = JsonSerializer.Serialize(new { id = "x", filler });
        for (var i = 0; i < count; i++)
        {
            await using var db = platform.Database();
            await using var transaction = await db.Database.BeginTransactionAsync(ct);
            await log.AppendAsync(db, company.CompanyId, type, "x", json, ct);
            await transaction.CommitAsync(ct);
        }
    }

    /// <summary>Ends each event stream after two events, as a failing network would.</summary>
    private sealed class CutStreams : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var response = await base.SendAsync(request, cancellationToken);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken));
            var text = "";
            for (var events = 0; events < 2 && await reader.ReadLineAsync(cancellationToken) is { } line;)
            {
                text += line + "\n";
                events += line.StartsWith("data:", StringComparison.Ordinal) ? 1 : 0;
            }

            // The second event lacks its empty line: it has not arrived whole and must come again.
            response.Content = new StringContent(text);
            return response;
        }
    }
}
