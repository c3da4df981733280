using System.Net;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Secrets;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Who may call what, over every route that the Api maps.</summary>
public sealed class AccessTests(Platform platform) : IClassFixture<StartedPlatform>
{
    /// <summary>Good for every route with a body: what a route does not know it ignores.</summary>
    private const string AnyBody =
        """
        {"name":"x","accessKeyId":"a","secretAccessKey":"b","region":"us-east-1","mime_type":"video/mp4","file_size_bytes":1,
         "part_numbers":[1],"s3Path":"s3://bucket/key","policy":"public","language":"en","text":"1\n00:00:00,000 --> 00:00:01,000\nx",
         "scopes":["artifacts:read"],"filename":"x","artifacts":[{"filename":"x"}],"events":["*"],"eventId":"evt_x"}
        """;

    private const string Session = "session";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null, "token_missing")]
    [InlineData("Basic dXNlcjpwYXNz", "token_malformed")]
    [InlineData("Bearer", "token_malformed")]
    [InlineData("Bearer nonsense", "token_unknown")]
    [InlineData("Bearer ak_live_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "token_unknown")]
    [InlineData("Bearer ses_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG", "token_unknown")]
    public async Task Every_route_refuses_a_caller_without_a_good_token(string? authorization, string code)
    {
        using var http = platform.CreateClient();
        if (authorization is not null)
        {
            http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        }

        foreach (var route in ApiRoutes.All.Where(r => !r.IsPublic))
        {
            using var response = await http.SendAsync(route.Method, route.At("x"), route.HasBody ? "{}" : null, ct);
            var error = await response.ErrorAsync(HttpStatusCode.Unauthorized, ct);

            Assert.Equal((route, "authentication_error", code), (route, error.Type, error.Code));
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).ToString());
        }
    }

    [Fact]
    public async Task Every_route_refuses_a_key_or_session_that_is_over()
    {
        var company = await platform.NewCompanyAsync();
        var now = TimeProvider.System.GetUtcNow();
        string Key() => SecretToken.New(SecretToken.ApiKeyPrefix);
        var (revokedKey, expiredKey, rotatedKey) = (Key(), Key(), Key());
        var (revokedSession, expiredSession) = (SecretToken.New(SecretToken.SessionPrefix), SecretToken.New(SecretToken.SessionPrefix));
        await using var db = platform.Database();
        db.Add(new ApiKey(company.CompanyId, company.UserId, "revoked", revokedKey, Scopes.All, now));
        db.Add(new ApiKey(company.CompanyId, company.UserId, "expired", expiredKey, Scopes.All, now.AddDays(-2), now.AddDays(-1)));
        db.Add(new ApiKey(company.CompanyId, company.UserId, "rotated", rotatedKey, Scopes.All, now));
        db.Add(new Session(company.UserId, company.CompanyId, SecretToken.Hash(revokedSession), now, TimeSpan.FromHours(1), ""));
        db.Add(new Session(company.UserId, company.CompanyId, SecretToken.Hash(expiredSession), now.AddHours(-2), TimeSpan.FromHours(1), ""));
        await db.SaveChangesAsync(ct);
        var ids = (await company.Client.ListApiKeysAsync(100, null, ct)).Data.ToDictionary(k => k.Name, k => k.Id);
        await company.Client.RevokeApiKeyAsync(ids["revoked"], ct);
        await company.Client.RotateApiKeyAsync(ids["rotated"], TimeSpan.Zero, ct);
        await company.Client.WithToken(revokedSession).SignOutAsync(ct);

        foreach (var (token, code) in new[] { (revokedKey, "token_revoked"), (expiredKey, "token_expired"), (rotatedKey, "token_rotated"), (revokedSession, "token_revoked"), (expiredSession, "token_expired") })
        {
            using var http = platform.CreateClient(token);
            foreach (var route in ApiRoutes.All.Where(r => !r.IsPublic))
            {
                using var response = await http.SendAsync(route.Method, route.At("x"), route.HasBody ? "{}" : null, ct);

                Assert.Equal((route, code), (route, (await response.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code));
            }
        }
    }

    [Theory]
    [InlineData(UserRole.Owner, Session, "docks:see", "events:see", Scopes.ArtifactsRead, Scopes.VideosRead, Scopes.ArtifactsWrite, Scopes.VideosWrite, Scopes.Admin)]
    [InlineData(UserRole.Member, Session, "docks:see", "events:see", Scopes.ArtifactsRead, Scopes.VideosRead, Scopes.ArtifactsWrite, Scopes.VideosWrite)]
    [InlineData(UserRole.Viewer, Session, "docks:see", "events:see", Scopes.ArtifactsRead, Scopes.VideosRead)]
    public async Task Every_route_is_open_to_a_role_or_closed(UserRole role, params string[] may)
    {
        var company = await platform.NewCompanyAsync();
        var session = await company.OpenSessionAsync(await company.AddPersonAsync(role), ct);
        using var http = platform.CreateClient(session.Token);
        Assert.Equal(role.ToString(), session.User.Role, ignoreCase: true);
        // Signing out comes last: it is done.
        foreach (var route in ApiRoutes.All.Where(r => !r.IsPublic).OrderBy(r => r.ToString() == "DELETE /api/v1/sessions/current"))
        {
            using var response = await http.SendAsync(route.Method, route.At("x"), route.HasBody ? "{}" : null, ct);
            if (route.Policies.All(may.Contains))
            {
                Assert.False(response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or >= HttpStatusCode.InternalServerError, $"{role}: {route} answers {(int)response.StatusCode}");
                continue;
            }

            Assert.Equal((route, route.IsMachine ? "machine_required" : "scope_missing"), (route, (await response.ErrorAsync(HttpStatusCode.Forbidden, ct)).Code));
        }
    }

    [Fact]
    public async Task Every_route_names_the_scope_that_a_key_lacks()
    {
        foreach (var lacking in Scopes.All)
        {
            var company = await platform.NewCompanyAsync([.. Scopes.All.Except([lacking])]);
            using var http = company.CreateHttp();
            foreach (var route in ApiRoutes.All.Where(r => r.Policies.Contains(lacking)))
            {
                using var response = await http.SendAsync(route.Method, route.At("x"), route.HasBody ? "{}" : null, ct);
                var error = await response.ErrorAsync(HttpStatusCode.Forbidden, ct);

                Assert.Equal((route, "permission_error", "scope_missing"), (route, error.Type, error.Code));
                Assert.Contains(lacking, error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Session_routes_are_not_for_api_keys()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        foreach (var route in ApiRoutes.All.Where(r => r.Policies.Contains(Session)))
        {
            using var response = await http.SendAsync(route.Method, route.At("x"), route.HasBody ? "{}" : null, ct);

            Assert.Equal((route, "session_required"), (route, (await response.ErrorAsync(HttpStatusCode.Forbidden, ct)).Code));
        }
    }

    [Fact]
    public async Task What_belongs_to_another_company_is_not_there_on_any_route()
    {
        var owner = await platform.NewCompanyAsync();
        var stranger = await platform.NewCompanyAsync();
        var artifact = await owner.Client.CreateUploadAsync(new() { Name = "mine.mp4", Type = ArtifactType.Video }, ct);
        await owner.Client.PutS3CredentialsAsync(owner.ApiKeyId, new() { AccessKeyId = "AK", SecretAccessKey = "SK", Region = "us-east-1" }, ct);
        var upload = await owner.Client.CreateUploadSessionAsync(new() { Filename = "mine.mp4", MimeType = "video/mp4", FileSizeBytes = 1 }, ct);
        var video = await owner.Client.CreateVideoAsync(new() { ArtifactId = artifact.ArtifactId }, ct);
        var key = await owner.Client.CreatePlaybackKeyAsync(ct);
        var dock = await owner.Client.CreateDockAsync(new() { Name = "Mine" }, ct);
        var hook = await owner.Client.CreateWebhookEndpointAsync(new() { Url = "https://hooks.example.com/mine", Events = ["*"] }, ct);
        var ids = new Dictionary<string, string> { ["{endpointId}"] = hook.Id, ["{dockId}"] = dock.Id, ["{artifactId}"] = artifact.ArtifactId, ["{uploadId}"] = upload.Id, ["{videoId}"] = video.Id, ["{keyId}"] = key.Id };
        ids["{userId}"] = owner.UserId;
        ids["{invitationId}"] = (await owner.Client.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "owner" }, ct)).Id;
        ids["{sessionId}"] = (await (await owner.SignInAsync(ct)).ListSessionsAsync(null, null, ct)).Data.Single().Id;
        // As a session: it may call every route.
        using var http = platform.CreateClient((await stranger.OpenSessionAsync(new(stranger.UserId, stranger.Email, stranger.Password), ct)).Token);
        var routes = ApiRoutes.All.Where(r => r.Pattern.Contains('{', StringComparison.Ordinal) && !r.IsMachine).ToList();
        Assert.NotEmpty(routes);
        foreach (var route in routes)
        {
            var id = ids.FirstOrDefault(i => route.Pattern.Contains(i.Key, StringComparison.Ordinal)).Value ?? owner.ApiKeyId;
            var body = route.HasBody ? AnyBody : null;
            using var foreign = await http.SendAsync(route.Method, route.At(id), body, ct);
            using var missing = await http.SendAsync(route.Method, route.At("019bb2a4c1f067d3a85e90b1"), body, ct);

            var error = await foreign.ErrorAsync(HttpStatusCode.NotFound, ct);
            Assert.Equal((route, (await missing.ErrorAsync(HttpStatusCode.NotFound, ct)) with { RequestId = "" }), (route, error with { RequestId = "" }));
        }

        Assert.Empty((await stranger.Client.ListArtifactsAsync(new(), ct)).Data);
        Assert.Empty((await stranger.Client.ListEventsAsync(null, null, null, ct)).Data);
        Assert.DoesNotContain((await stranger.Client.ListApiKeysAsync(100, null, ct)).Data, key => key.Id == owner.ApiKeyId);
        Assert.Empty((await stranger.Client.ListVideosAsync(null, null, null, null, ct)).Data);
        Assert.Empty((await stranger.Client.ListPlaybackKeysAsync(ct)).Data);
        Assert.Equal([stranger.UserId], (await stranger.Client.ListUsersAsync(null, null, ct)).Data.Select(u => u.Id));
        Assert.Empty((await stranger.Client.ListInvitationsAsync(null, null, ct)).Data);
        Assert.Single((await owner.Client.ListInvitationsAsync(null, null, ct)).Data);
        Assert.Equal("owner", (await owner.Client.ListUsersAsync(null, null, ct)).Data.Single().Role);
        Assert.Empty((await stranger.Client.ListDocksAsync(null, null, ct)).Data);
        Assert.Empty((await stranger.Client.ListWebhookEndpointsAsync(null, null, ct)).Data);
        Assert.Equal("https://hooks.example.com/mine", (await owner.Client.GetWebhookEndpointAsync(hook.Id, ct)).Url);
        Assert.Equal("Mine", (await owner.Client.GetDockAsync(dock.Id, ct)).Name);
        Assert.Equal(video.Id, (await owner.Client.GetVideoAsync(video.Id, ct)).Id);
        Assert.Equal("mine.mp4", (await owner.Client.GetArtifactAsync(artifact.ArtifactId, ct)).Name);
        Assert.Equal("AK", (await owner.Client.GetS3CredentialsAsync(owner.ApiKeyId, ct)).AccessKeyId);
    }

    [Fact]
    public async Task A_revocation_and_a_new_role_hold_on_every_replica_at_once()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Member);
        var (key, session) = (await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = [Scopes.ArtifactsRead] }, ct), await company.OpenSessionAsync(person, ct));
        await using var replica = await platform.StartApiAsync([], ct: ct);
        using var byKey = replica.CreateClient(key.Key);
        using var bySession = replica.CreateClient(session.Token);
        Assert.Equal("ok", await CodeAsync(byKey, "GET", null));
        Assert.Equal("ok", await CodeAsync(bySession, "POST", """{"name":"a.mp4","type":"video"}"""));

        await company.Client.PatchUserAsync(person.Id, new() { Role = "viewer" }, ct);
        Assert.Equal("scope_missing", await CodeAsync(bySession, "POST", """{"name":"a.mp4","type":"video"}"""));
        await company.Client.RevokeApiKeyAsync(key.Id, ct);
        Assert.Equal("token_revoked", await CodeAsync(byKey, "GET", null));
        await company.Client.EndSessionsOfUserAsync(person.Id, ct);
        Assert.Equal("token_revoked", await CodeAsync(bySession, "GET", null));

        async Task<string> CodeAsync(HttpClient http, string method, string? body)
        {
            using var response = await http.SendAsync(method, "/api/v1/artifacts", body, ct);
            return response.IsSuccessStatusCode ? "ok" : (await response.ErrorAsync(response.StatusCode, ct)).Code;
        }
    }
}
