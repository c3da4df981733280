using System.Net;
using System.Net.Http.Json;
using System.Text;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Requests;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Docks;
using ArtifactPlatform.Tests.Ingest;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Requests;

/// <summary>What is sent twice with one <c>Idempotency-Key</c> is done once.</summary>
public sealed class IdempotencyTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Create = "/api/v1/artifacts";
    private const string Script = """{"name":"a.txt","type":"script"}""";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_post_takes_a_key_of_255_characters_and_none_longer()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        var dock = await company.NewDockAsync(ct);
        using var machine = platform.CreateClient(dock.Token);
        var posts = ApiRoutes.All.Where(r => r.Method == "POST" && r.Pattern != "/api/v1/oauth/token").ToList();

        Assert.NotEmpty(posts);
        foreach (var route in posts)
        {
            using var tooLong = await PostAsync(route.IsMachine ? machine : http, route.At(route.IsMachine ? dock.Id : "x"), route.HasBody ? "{}" : null, new string('k', 256));
            Assert.Equal((route, "invalid_idempotency_key"), (route, (await tooLong.ErrorAsync(HttpStatusCode.BadRequest, ct)).Code));
        }

        using var longest = await PostAsync(http, Create, Script, new string('k', 255));
        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
        // RFC 6749's form there.
        using var token = await PostAsync(http, "/api/v1/oauth/token", "{}", new string('k', 256));
        Assert.Equal((HttpStatusCode.BadRequest, true), (token.StatusCode, (await token.Content.ReadAsStringAsync(ct)).Contains("idempotency key", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Joining_again_after_a_lost_answer_gives_the_first_answer_and_only_to_who_has_the_invitation()
    {
        const string accept = "/api/v1/invitations/accept";
        var company = await platform.NewCompanyAsync();
        var (one, two) = (await InviteAsync(), await InviteAsync());
        using var http = platform.CreateClient();
        using (var weak = await PostAsync(http, accept, Body(one, "password1234"), "join"))
        {
            Assert.Equal("password_too_common", (await weak.ErrorAsync(HttpStatusCode.BadRequest, ct)).Code);
        }

        // What was refused is not kept.
        using var first = await PostAsync(http, accept, Body(one), "join");
        using var again = await PostAsync(http, accept, Body(one), "join");
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), (first.StatusCode, again.StatusCode));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(ct), await again.Content.ReadAsStringAsync(ct));
        Assert.Equal(2, (await company.Client.ListUsersAsync(null, null, ct)).Data.Count);

        // Whoever knows the token but not the password, as the inviting owner does, gets nothing.
        using var otherBody = await PostAsync(http, accept, Body(one, "another quiet otter"), "join");
        Assert.Equal("idempotency_key_reused", (await otherBody.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        using var otherPerson = await PostAsync(http, accept, Body(two), "join");
        Assert.Equal((HttpStatusCode.Created, false), (otherPerson.StatusCode, otherPerson.Headers.Contains("Idempotent-Replayed")));
        foreach (var odd in new[] { "{", "[]", """{"token":5}""", """{"token":"\ud800"}""", """{"\ud800":1,"token":"\u0000"}""" })
        {
            using var answer = await PostAsync(http, accept, odd, "join");
            Assert.Equal((odd, HttpStatusCode.BadRequest), (odd, answer.StatusCode));
        }

        async Task<string> InviteAsync() => (await company.Client.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "viewer" }, ct)).Token;

        static string Body(string token, string password = "seven quiet otters") => $$"""{"token":"{{token}}","name":"Kim","password":"{{password}}"}""";
    }

    [Fact]
    public async Task A_request_sent_again_gets_the_first_answer_and_makes_nothing_new()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var first = await PostAsync(http, Create, Script, "one");
        using var again = await PostAsync(http, Create, Script, "one");

        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(ct), await again.Content.ReadAsStringAsync(ct));
        Assert.Equal((first.StatusCode, first.Content.Headers.ContentType), (again.StatusCode, again.Content.Headers.ContentType));
        Assert.Single((await company.Client.ListArtifactsAsync(new(), ct)).Data);

        using var otherBody = await PostAsync(http, Create, """{"name":"b.txt","type":"script"}""", "one");
        using var otherPath = await PostAsync(http, "/api/v1/artifacts/create", Script, "one");
        using var otherQuery = await PostAsync(http, Create + "?x=1", Script, "one");
        foreach (var other in new[] { otherBody, otherPath, otherQuery })
        {
            Assert.Equal("idempotency_key_reused", (await other.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        }
    }

    [Fact]
    public async Task A_rotated_key_whose_answer_was_lost_is_shown_to_who_asks_again()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.Client.CreateApiKeyAsync(new() { Name = "CI", Scopes = ["artifacts:read"] }, ct);
        var client = company.Client.WithIdempotencyKey("rotate it");

        var rotated = await client.RotateApiKeyAsync(made.Id, grace: null, ct);
        var again = await client.RotateApiKeyAsync(made.Id, grace: null, ct);

        Assert.Equal(rotated.Key, again.Key);
        Assert.Empty((await new PlatformClient(platform.CreateClient(), again.Key).ListArtifactsAsync(new(), ct)).Data);
        Assert.Single((await company.Client.ListAuditLogAsync("api_key.rotated", made.Id, null, null, ct)).Data);
        // The secret is shown once: what is kept of it is encrypted.
        var row = await RowAsync(company.ApiKeyId, "rotate it");
        Assert.NotNull(row?.Answer);
        Assert.DoesNotContain(rotated.Key, row.Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Location_and_cache_control_come_again_too()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        const string body = """{"name":"a","scopes":["artifacts:read"]}""";
        using var first = await PostAsync(http, "/api/v1/api-keys", body, "k");
        using var again = await PostAsync(http, "/api/v1/api-keys", body, "k");

        Assert.NotNull(first.Headers.Location);
        Assert.Equal(
            (HttpStatusCode.Created, first.Headers.Location, first.Headers.CacheControl?.NoStore),
            (again.StatusCode, again.Headers.Location, again.Headers.CacheControl?.NoStore));
    }

    [Fact]
    public async Task Many_at_once_are_carried_out_once()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync(http, Create, Script, "at once")));
        var ids = await Task.WhenAll(answers.Select(async a => (await a.Content.ReadFromJsonAsync<PresignedUpload>(ContractJson.Options, ct))?.ArtifactId));

        Assert.Equal(7, answers.Count(a => a.Headers.Contains("Idempotent-Replayed")));
        Assert.Single(ids.Distinct());
        Assert.Equal(ids[0], Assert.Single((await company.Client.ListArtifactsAsync(new(), ct)).Data).Id);
    }

    [Fact]
    public async Task A_key_belongs_to_who_chose_it()
    {
        var company = await platform.NewCompanyAsync();
        var stranger = await platform.NewCompanyAsync();
        var colleague = await company.Client.CreateApiKeyAsync(new() { Name = "b", Scopes = ["artifacts:write"] }, ct);
        var session = await company.Client.SignInAsync(company.Email, company.Password, ct);
        foreach (var token in new[] { company.ApiKey, colleague.Key, session.Token, stranger.ApiKey })
        {
            using var http = platform.CreateClient(token);
            using var answer = await PostAsync(http, Create, """{"name":"mine.txt","type":"script"}""", "the same");
            Assert.Equal((HttpStatusCode.OK, false), (answer.StatusCode, answer.Headers.Contains("Idempotent-Replayed")));
        }

        // A session's keys are its user's: signing in again does not lose them.
        using var later = platform.CreateClient((await company.Client.SignInAsync(company.Email, company.Password, ct)).Token);
        using var again = await PostAsync(later, Create, """{"name":"mine.txt","type":"script"}""", "the same");
        Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal(3, (await company.Client.ListArtifactsAsync(new(), ct)).Data.Count);
    }

    [Fact]
    public async Task An_error_is_kept_unless_another_try_may_go_better()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        // ErrorAsync checks that the error names the request that it answers, not the first one.
        foreach (var (path, body, status) in new[] { (Create, """{"type":"script"}""", HttpStatusCode.BadRequest), ("/api/v1/artifacts/none/retry", null, HttpStatusCode.NotFound) })
        {
            using var first = await PostAsync(http, path, body, path);
            using var again = await PostAsync(http, path, body, path);
            var (error, same) = (await first.ErrorAsync(status, ct), await again.ErrorAsync(status, ct));
            Assert.Equal(error with { RequestId = "" }, same with { RequestId = "" });
            Assert.True(again.Headers.Contains("Idempotent-Replayed"));
        }

        var upload = await company.Client.CreateUploadSessionAsync(new() { Filename = "a.wav", MimeType = "audio/wav", FileSizeBytes = 5 }, ct);
        var (finalize, said) = ($"/api/v1/uploads/{upload.Id}/finalize", """{"mime_type":"audio/wav","file_size_bytes":5}""");
        using var early = await PostAsync(http, finalize, said, "finalize");
        Assert.Equal("file_missing", (await early.ErrorAsync(HttpStatusCode.BadRequest, ct)).Code);
        await UploadTests.PutAsync(upload.Url ?? "", "hello"u8.ToArray());
        using var late = await PostAsync(http, finalize, said, "finalize");
        Assert.Equal((HttpStatusCode.OK, false), (late.StatusCode, late.Headers.Contains("Idempotent-Replayed")));

        var waiting = await company.Client.CreateUploadAsync(new() { Name = "a.txt", Type = ArtifactType.Script }, ct);
        using var conflict = await PostAsync(http, $"/api/v1/artifacts/{waiting.ArtifactId}/retry", null, "retry");
        Assert.Equal("not_failed", (await conflict.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        Assert.Null(await RowAsync(company.ApiKeyId, "retry"));
    }

    [Fact]
    public async Task An_outage_is_not_kept()
    {
        var company = await platform.NewCompanyAsync();
        await using var broken = await platform.StartApiAsync([("ConnectionStrings:objectstore", "Endpoint=http://127.0.0.1:1;AccessKey=x;SecretKey=x")], ct: ct);
        var session = await company.Client.CreateUploadSessionAsync(new() { Filename = "a.wav", MimeType = "audio/wav", FileSizeBytes = 5 }, ct);
        var path = $"/api/v1/uploads/{session.Id}/finalize";
        using (var http = broken.CreateClient(company.ApiKey))
        {
            using var down = await PostAsync(http, path, """{"mime_type":"audio/wav","file_size_bytes":5}""", "k");
            await down.ErrorAsync(HttpStatusCode.ServiceUnavailable, ct);
        }

        await UploadTests.PutAsync(session.Url ?? "", "hello"u8.ToArray());
        using var healthy = company.CreateHttp();
        using var up = await PostAsync(healthy, path, """{"mime_type":"audio/wav","file_size_bytes":5}""", "k");
        Assert.Equal(HttpStatusCode.OK, up.StatusCode);
    }

    [Fact]
    public async Task A_client_that_hangs_up_gets_the_answer_when_it_asks_again()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        await company.Client.CreateUploadAsync(new() { Name = "first.txt", Type = ArtifactType.Script }, ct);
        await using var db = platform.Database();
        await using (var hold = await HoldWritesAsync(db, company))
        {
            using var hangUp = new CancellationTokenSource();
            var first = PostAsync(http, Create, Script, "lost", hangUp.Token);
            await ClaimedAsync(company, "lost");
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
            var second = PostAsync(http, Create, Script, "lost");
            await hold.RollbackAsync(ct);

            using var answer = await second;
            Assert.Equal((HttpStatusCode.OK, true), (answer.StatusCode, answer.Headers.Contains("Idempotent-Replayed")));
        }

        Assert.Equal(2, (await company.Client.ListArtifactsAsync(new(), ct)).Data.Count);
    }

    [Fact]
    public async Task A_run_that_has_lost_its_key_commits_nothing()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        await company.Client.CreateUploadAsync(new() { Name = "first.txt", Type = ArtifactType.Script }, ct);
        await using var db = platform.Database();
        await using var hold = await HoldWritesAsync(db, company);
        var slow = PostAsync(http, Create, Script, "slow");
        await ClaimedAsync(company, "slow");
        await using (var other = platform.Database())
        {
            await other.Database.ExecuteSqlAsync($"update idempotency_keys set lease_token = 'another run' where owner_id = {company.ApiKeyId}", ct);
        }

        await hold.RollbackAsync(ct);
        using var answer = await slow;

        Assert.Equal("idempotency_key_in_use", (await answer.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        Assert.Single((await company.Client.ListArtifactsAsync(new(), ct)).Data);
    }

    [Fact]
    public async Task A_request_whose_process_died_is_done_again_only_if_it_had_changed_nothing()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using (var first = await PostAsync(http, Create, Script, "k"))
        {
            Assert.NotNull((await RowAsync(company.ApiKeyId, "k"))?.EffectAt);
        }

        // As it stands while the first request is under way, longer than anybody waits.
        await SetRowAsync($"update idempotency_keys set answer = null, effect_at = null, lease_until = now() + interval '1 minute' where owner_id = {company.ApiKeyId}");
        using var inUse = await PostAsync(http, Create, Script, "k");
        Assert.Equal("idempotency_key_in_use", (await inUse.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        Assert.NotNull(inUse.Headers.RetryAfter?.Delta);

        // The process died behind its commit: it must not be done twice, and nobody knows the answer.
        await SetRowAsync($"update idempotency_keys set effect_at = now(), lease_until = now() - interval '1 minute' where owner_id = {company.ApiKeyId}");
        using var lost = await PostAsync(http, Create, Script, "k");
        Assert.Equal("answer_lost", (await lost.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        Assert.Single((await company.Client.ListArtifactsAsync(new(), ct)).Data);

        // It died before: the key is free again.
        await SetRowAsync($"update idempotency_keys set effect_at = null where owner_id = {company.ApiKeyId}");
        using var anew = await PostAsync(http, Create, Script, "k");
        Assert.Equal((HttpStatusCode.OK, false), (anew.StatusCode, anew.Headers.Contains("Idempotent-Replayed")));
        Assert.Equal(2, (await company.Client.ListArtifactsAsync(new(), ct)).Data.Count);

        // After a day it may be used for something else.
        await SetRowAsync($"update idempotency_keys set created_at = now() - interval '25 hours' where owner_id = {company.ApiKeyId}");
        using var nextDay = await PostAsync(http, Create, """{"name":"b.txt","type":"script"}""", "k");
        Assert.Equal(HttpStatusCode.OK, nextDay.StatusCode);
    }

    [Fact]
    public async Task A_single_statement_is_marked_like_a_transaction()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.Client.CreateVideoAsync(new() { Input = [new() { Url = "http://127.0.0.1:1/none.mp4" }] }, ct);
        using var http = company.CreateHttp();
        using var made = await PostAsync(http, $"/api/v1/videos/{video.Id}/playback-ids", """{"policy":"public"}""", "k");

        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        Assert.NotNull((await RowAsync(company.ApiKeyId, "k"))?.EffectAt);
    }

    private async Task<HttpResponseMessage> PostAsync(HttpClient http, string path, string? json, string key, CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Headers.Add("Idempotency-Key", key);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await http.SendAsync(request, cancel == default ? ct : cancel);
    }

    private async Task<IdempotencyKey?> RowAsync(string ownerId, string key)
    {
        await using var db = platform.Database();
        return await db.IdempotencyKeys.AsNoTracking().SingleOrDefaultAsync(k => k.OwnerId == ownerId && k.Key == key, ct);
    }

    private async Task SetRowAsync(FormattableString sql)
    {
        await using var db = platform.Database();
        Assert.Equal(1, await db.Database.ExecuteSqlAsync(sql, ct));
    }

    private Task ClaimedAsync(TestCompany company, string key) =>
        Eventually.TrueAsync(async () => await RowAsync(company.ApiKeyId, key) is not null, () => $"the key to be claimed\n{platform.LogsAbout(company.CompanyId)}");

    /// <summary>Keeps the company's requests from committing, as a slow database would.</summary>
    private async Task<Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction> HoldWritesAsync(PlatformDb db, TestCompany company)
    {
        var hold = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"update event_heads set last_sequence = last_sequence where company_id = {company.CompanyId}", ct);
        return hold;
    }
}
