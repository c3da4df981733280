using System.Net;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Who may call what, over every route that the Api maps.</summary>
public sealed class AccessTests(Platform platform)
{
    /// <summary>Good for every route with a body: what a route does not know it ignores.</summary>
    private const string AnyBody =
        """
        {"name":"x","accessKeyId":"a","secretAccessKey":"b","region":"us-east-1","mime_type":"video/mp4","file_size_bytes":1,
         "part_numbers":[1],"s3Path":"s3://bucket/key","policy":"public","language":"en","text":"1\n00:00:00,000 --> 00:00:01,000\nx",
         "scopes":["artifacts:read"],"filename":"x","artifacts":[{"filename":"x"}]}
        """;

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public void Every_route_names_a_policy_or_says_that_it_is_public()
    {
        Assert.NotEmpty(ApiRoutes.All);
        Assert.DoesNotContain(ApiRoutes.All, route => !route.IsPublic && route.Policies.Count == 0);
        Assert.Equal(["POST /api/v1/sessions", "POST /api/v1/oauth/token"], ApiRoutes.All.Where(route => route.IsPublic).Select(route => route.ToString()));
    }

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
        using var response = await http.GetAsync("/api/v1/sessions/current", ct);

        Assert.Equal("session_required", (await response.ErrorAsync(HttpStatusCode.Forbidden, ct)).Code);
    }

    [Theory]
    [InlineData(UserRole.Owner, true, true, true)]
    [InlineData(UserRole.Member, true, true, false)]
    [InlineData(UserRole.Viewer, true, false, false)]
    public async Task A_role_decides_what_a_session_may_do(UserRole role, bool reads, bool writes, bool manages)
    {
        var company = await platform.NewCompanyAsync();
        var (email, password) = await AddUserAsync(company, role);
        var session = await company.Client.SignInAsync(email, password, ct);
        using var http = platform.CreateClient(session.Token);

        Assert.Equal(role.ToString(), session.User.Role, ignoreCase: true);
        await ExpectAsync(reads, () => http.SendAsync("GET", "/api/v1/artifacts", null, ct));
        await ExpectAsync(writes, () => http.SendAsync("POST", "/api/v1/artifacts", """{"name":"a.mp4","type":"video"}""", ct));
        await ExpectAsync(manages, () => http.SendAsync("GET", "/api/v1/api-keys", null, ct));

        async Task ExpectAsync(bool may, Func<Task<HttpResponseMessage>> call)
        {
            using var response = await call();
            Assert.Equal(may ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
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
        var ids = new Dictionary<string, string> { ["{dockId}"] = dock.Id, ["{artifactId}"] = artifact.ArtifactId, ["{uploadId}"] = upload.Id, ["{videoId}"] = video.Id, ["{keyId}"] = key.Id };
        using var http = stranger.CreateHttp();
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
        Assert.Empty((await stranger.Client.ListDocksAsync(null, null, ct)).Data);
        Assert.Equal("Mine", (await owner.Client.GetDockAsync(dock.Id, ct)).Name);
        Assert.Equal(video.Id, (await owner.Client.GetVideoAsync(video.Id, ct)).Id);
        Assert.Equal("mine.mp4", (await owner.Client.GetArtifactAsync(artifact.ArtifactId, ct)).Name);
        Assert.Equal("AK", (await owner.Client.GetS3CredentialsAsync(owner.ApiKeyId, ct)).AccessKeyId);
    }

    [Fact]
    public async Task A_revoked_or_expired_key_is_refused_at_once()
    {
        var company = await platform.NewCompanyAsync();
        var revoked = await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = [Scopes.ArtifactsRead] }, ct);
        using var http = platform.CreateClient(revoked.Key);
        using (var before = await http.GetAsync("/api/v1/artifacts", ct))
        {
            Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        }

        await company.Client.RevokeApiKeyAsync(revoked.Id, ct);
        using var after = await http.GetAsync("/api/v1/artifacts", ct);
        Assert.Equal("token_revoked", (await after.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);

        var expired = SecretToken.New(SecretToken.ApiKeyPrefix);
        var now = TimeProvider.System.GetUtcNow();
        await using var db = platform.Database();
        db.Add(new ApiKey(company.CompanyId, company.UserId, "old", expired, Scopes.All, now.AddDays(-2), now.AddDays(-1)));
        await db.SaveChangesAsync(ct);
        using var late = platform.CreateClient(expired);
        using var answer = await late.GetAsync("/api/v1/artifacts", ct);
        Assert.Equal("token_expired", (await answer.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);
    }

    private async Task<(string Email, string Password)> AddUserAsync(TestCompany company, UserRole role)
    {
        var user = new User(company.CompanyId, $"{Guid.NewGuid():N}@example.com", role.ToString(), role, TimeProvider.System.GetUtcNow());
        var password = Guid.NewGuid().ToString();
        user.SetPasswordHash(new PasswordHasher<User>().HashPassword(user, password));
        await using var db = platform.Database();
        db.Add(user);
        await db.SaveChangesAsync(ct);
        return (user.Email, password);
    }
}
