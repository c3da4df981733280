using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Tests.Api;
using ArtifactPlatform.Tests.Docks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ArtifactPlatform.Tests.Requests;

/// <summary>Idempotency keys of those who are let in by what they send: by a password, a client's secret, an invitation.</summary>
public sealed class SignInIdempotencyTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Sessions = "/api/v1/sessions";
    private const string Tokens = "/api/v1/oauth/token";
    private const string Form = "application/x-www-form-urlencoded";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signing_in_again_with_its_key_gives_the_session_that_was_begun()
    {
        var company = await platform.NewCompanyAsync();
        var body = Body(company);
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => PostAsync(Sessions, body, "sign in")));
        var sessions = await Task.WhenAll(answers.Select(async a => await a.Content.ReadFromJsonAsync<SessionCreated>(ContractJson.Options, ct)));

        Assert.All(answers, answer => Assert.Equal((HttpStatusCode.Created, true), (answer.StatusCode, answer.Headers.CacheControl?.NoStore)));
        Assert.Equal(3, answers.Count(a => a.Headers.Contains("Idempotent-Replayed")));
        var token = Assert.Single(sessions.Select(s => s?.Token).Distinct());
        Assert.Single((await company.Client.WithToken(token ?? "").ListSessionsAsync(null, null, ct)).Data);

        using var elsewhere = await PostAsync(Sessions, Body(company, device: "another"), "sign in");
        Assert.Equal("idempotency_key_reused", (await elsewhere.ErrorAsync(HttpStatusCode.Conflict, ct)).Code);
        using var somebodyElse = await PostAsync(Sessions, Body(await platform.NewCompanyAsync()), "sign in");
        Assert.Equal((HttpStatusCode.Created, false), (somebodyElse.StatusCode, somebodyElse.Headers.Contains("Idempotent-Replayed")));
    }

    [Fact]
    public async Task A_wrong_password_counts_each_time_and_no_key_opens_a_locked_account()
    {
        var company = await platform.NewCompanyAsync();
        using (var first = await PostAsync(Sessions, Body(company), "sign in"))
        {
            Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        }

        for (var i = 1; i <= 5; i++)
        {
            using var wrong = await PostAsync(Sessions, Body(company, password: "wrong"), "sign in");
            Assert.Equal("sign_in_failed", (await wrong.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);
            await using var db = platform.Database();
            Assert.Equal(i, await db.Users.Where(u => u.Id == company.UserId).Select(u => u.FailedLogins).SingleAsync(ct));
        }

        using var locked = await PostAsync(Sessions, Body(company), "sign in");
        Assert.Equal("sign_in_failed", (await locked.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);
    }

    [Fact]
    public async Task What_is_kept_of_a_sign_in_helps_nobody_to_guess_the_password()
    {
        var company = await platform.NewCompanyAsync();
        var body = Body(company);
        using var answer = await PostAsync(Sessions, body, "sign in");
        await using var db = platform.Database();
        var row = await db.IdempotencyKeys.AsNoTracking().SingleAsync(k => k.OwnerId == company.UserId && k.Key == "sign in", ct);

        Assert.NotEqual(Fingerprint(body), Convert.ToHexString(row.Fingerprint));
        Assert.Equal(Fingerprint(JsonSerializer.Serialize(new CreateSessionRequest { Email = company.Email, Device = "laptop" }, ContractJson.Options)), Convert.ToHexString(row.Fingerprint));

        static string Fingerprint(string said) =>
            Convert.ToHexString(SHA256.HashData([.. Encoding.UTF8.GetBytes($"POST {Sessions}\n"), .. SHA256.HashData(Encoding.UTF8.GetBytes(said))]));
    }

    [Fact]
    public async Task What_is_no_sign_in_is_refused_as_without_a_key()
    {
        foreach (var (odd, status) in new[] { ("{", 400), ("[]", 400), ("null", 400), ("""{"email":5}""", 400), ("""{"email":"a\u0000@example.com","password":"x"}""", 400), ("{}", 400) })
        {
            using var answer = await PostAsync(Sessions, odd, "odd");
            Assert.Equal((odd, status), (odd, (int)answer.StatusCode));
        }

        using var number = await PostAsync(Sessions, """{"email":"a@example.com","password":5}""", "odd");
        Assert.Equal("password", (await number.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);

        // Not kept: with the right type it may be sent again.
        var body = Body(await platform.NewCompanyAsync());
        using var text = await PostAsync(Sessions, body, "odd", "text/plain");
        using var json = await PostAsync(Sessions, body, "odd");
        Assert.Equal((HttpStatusCode.UnsupportedMediaType, HttpStatusCode.Created), (text.StatusCode, json.StatusCode));
    }

    [Fact]
    public async Task A_client_that_asks_again_with_its_key_gets_the_token_that_was_issued()
    {
        var machine = (await (await platform.NewCompanyAsync()).NewDockAsync(ct)).Machine;
        var form = $"grant_type=client_credentials&client_id={machine.ClientId}&client_secret={machine.ClientSecret}";
        using var first = await PostAsync(Tokens, form, "token", Form);
        using var again = await PostAsync(Tokens, form, "token", Form);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, again.StatusCode));
        Assert.False(first.Headers.Contains("Idempotent-Replayed"));
        Assert.Equal("true", Assert.Single(again.Headers.GetValues("Idempotent-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(ct), await again.Content.ReadAsStringAsync(ct));
        Assert.Equal((true, "no-cache"), (again.Headers.CacheControl?.NoStore, $"{again.Headers.Pragma}"));

        var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{machine.ClientId}:{machine.ClientSecret}")));
        using var byHeader = await PostAsync(Tokens, "grant_type=client_credentials", "by header", Form, basic);
        using var byHeaderAgain = await PostAsync(Tokens, "grant_type=client_credentials", "by header", Form, basic);
        Assert.Equal(await byHeader.Content.ReadAsStringAsync(ct), await byHeaderAgain.Content.ReadAsStringAsync(ct));

        // The errors of this route have RFC 6749's form.
        using var narrower = await PostAsync(Tokens, $"{form}&scope=artifacts%3Aread", "token", Form);
        Assert.Equal((HttpStatusCode.Conflict, "invalid_request"), (narrower.StatusCode, await ErrorAsync(narrower)));
        using var wrong = await PostAsync(Tokens, form + "x", "token", Form);
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (wrong.StatusCode, await ErrorAsync(wrong)));

        async Task<string?> ErrorAsync(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(ct)).GetProperty("error").GetString();
    }

    [Fact]
    public async Task A_secret_that_has_ended_gets_no_token_again()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        var client = company.Client.WithIdempotencyKey("token");
        await client.GetTokenAsync(dock.Machine.ClientId, dock.Machine.ClientSecret, null, ct);
        await company.Client.RotateMachineClientAsync(dock.Id, dock.Machine.ClientId, null, ct);

        Assert.Equal("invalid_client", await TestDock.CodeAsync(() => client.GetTokenAsync(dock.Machine.ClientId, dock.Machine.ClientSecret, null, ct)));
    }

    [Fact]
    public async Task A_token_that_has_ended_is_not_given_again()
    {
        var company = await platform.NewCompanyAsync();
        var machine = (await company.NewDockAsync(ct)).Machine;
        await using var later = await platform.StartApiAsync([], services => services.AddSingleton<TimeProvider>(new LateClock()), ct);
        var first = await AskAsync(company.Client);
        var inAnHour = new PlatformClient(later.CreateClient());
        var second = await AskAsync(inAnHour);

        Assert.NotEqual(first, second);
        Assert.Equal(second, await AskAsync(inAnHour));

        async Task<string> AskAsync(PlatformClient client) => (await client.WithIdempotencyKey("token").GetTokenAsync(machine.ClientId, machine.ClientSecret, null, ct)).AccessToken;
    }

    [Fact]
    public async Task Looking_at_an_invitation_takes_a_key_too()
    {
        var company = await platform.NewCompanyAsync();
        var invitation = await company.Client.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "viewer" }, ct);
        var body = $$"""{"token":"{{invitation.Token}}"}""";
        using var first = await PostAsync("/api/v1/invitations/lookup", body, "look");
        using var again = await PostAsync("/api/v1/invitations/lookup", body, "look");

        Assert.Equal((HttpStatusCode.OK, false, true), (first.StatusCode, first.Headers.Contains("Idempotent-Replayed"), again.Headers.Contains("Idempotent-Replayed")));
        Assert.Equal(await first.Content.ReadAsStringAsync(ct), await again.Content.ReadAsStringAsync(ct));
    }

    private static string Body(TestCompany company, string? password = null, string device = "laptop") =>
        JsonSerializer.Serialize(new CreateSessionRequest { Email = company.Email, Password = password ?? company.Password, Device = device }, ContractJson.Options);

    private async Task<HttpResponseMessage> PostAsync(string path, string body, string key, string mediaType = "application/json", AuthenticationHeaderValue? authorization = null)
    {
        using var http = platform.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, mediaType) };
        request.Headers.Add("Idempotency-Key", key);
        request.Headers.Authorization = authorization;
        return await http.SendAsync(request, ct);
    }

    /// <summary>Past the life of an access token that is issued now.</summary>
    private sealed class LateClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMinutes(61);
    }
}
