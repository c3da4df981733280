using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.ApiKeys;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

public sealed class ApiKeyTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly PutS3CredentialsRequest Credentials = new() { AccessKeyId = "AKIA", SecretAccessKey = "the-secret-part", SessionToken = "the-session-token", Region = "eu-central-1", Endpoint = "https://s3.example.com" };

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_is_shown_once_works_and_is_listed_without_its_secret()
    {
        var company = await platform.NewCompanyAsync();
        var expiresAt = TimeProvider.System.GetUtcNow().AddDays(1);
        var made = await company.Client.CreateApiKeyAsync(new() { Name = "CI 🔑", Scopes = ["artifacts:read", "artifacts:read"], ExpiresAt = expiresAt }, ct);

        Assert.Matches("^ak_live_[A-Za-z0-9_-]{43}$", made.Key);
        Assert.StartsWith(made.Prefix, made.Key, StringComparison.Ordinal);
        Assert.Equal(("CI 🔑", company.UserId), (made.Name, made.CreatedBy.Id));
        Assert.Equal(["artifacts:read"], made.Scopes);
        Assert.Equal(expiresAt.ToUnixTimeMilliseconds(), made.ExpiresAt?.ToUnixTimeMilliseconds());
        await new PlatformClient(platform.CreateClient(), made.Key).ListArtifactsAsync(new(), ct);

        using var http = company.CreateHttp();
        var list = await http.GetStringAsync("/api/v1/api-keys", ct);
        Assert.DoesNotContain(made.Key, list, StringComparison.Ordinal);
        var listed = (await company.Client.ListApiKeysAsync(null, null, ct)).Data;
        Assert.Equal([made.Id, company.ApiKeyId], listed.Select(k => k.Id));
        Assert.All(listed, key => Assert.NotNull(key.LastUsedAt));
    }

    [Fact]
    public async Task Keys_are_paged()
    {
        var company = await platform.NewCompanyAsync();
        for (var i = 0; i < 4; i++)
        {
            await company.Client.CreateApiKeyAsync(new() { Name = $"{i}", Scopes = ["admin"] }, ct);
        }

        var first = await company.Client.ListApiKeysAsync(3, null, ct);
        var second = await company.Client.ListApiKeysAsync(3, first.NextCursor, ct);

        Assert.Equal((3, true, 2, false), (first.Data.Count, first.HasMore, second.Data.Count, second.HasMore));
        Assert.Distinct(first.Data.Concat(second.Data).Select(k => k.Id));
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.ListApiKeysAsync(3, "key_none", ct));
        Assert.Equal((HttpStatusCode.BadRequest, "startingAfter"), (e.Status, e.Error.Param));
    }

    [Theory]
    [InlineData("""{"scopes":["admin"]}""", "name")]
    [InlineData("""{"name":"a"}""", "scopes")]
    [InlineData("""{"name":"a","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"a","scopes":["admin","root"]}""", "scopes[1]")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"a","scopes":["admin"],"expiresAt":"soon"}""", "expiresAt")]
    public async Task A_key_that_makes_no_sense_is_refused(string body, string param)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", "/api/v1/api-keys", body, ct);

        Assert.Equal(param, (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);
    }

    [Fact]
    public async Task Revoking_twice_is_revoking_once()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = ["admin"] }, ct);
        await company.Client.RevokeApiKeyAsync(made.Id, ct);
        var first = await RevokedAtAsync();
        await company.Client.RevokeApiKeyAsync(made.Id, ct);

        Assert.NotNull(first);
        Assert.Equal(first, await RevokedAtAsync());

        async Task<DateTimeOffset?> RevokedAtAsync() => (await company.Client.ListApiKeysAsync(null, null, ct)).Data.Single(k => k.Id == made.Id).RevokedAt;
    }

    [Fact]
    public async Task Rotating_gives_a_new_key_and_leaves_the_old_one_for_a_while()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = ["artifacts:read"] }, ct);
        await company.Client.PutS3CredentialsAsync(made.Id, Credentials, ct);

        var rotated = await company.Client.RotateApiKeyAsync(made.Id, null, ct);

        Assert.Equal((made.Id, made.Name, true), (rotated.Id, rotated.Name, rotated.HasS3Credentials));
        Assert.NotEqual((made.Key, made.Prefix), (rotated.Key, rotated.Prefix));
        Assert.InRange(rotated.PreviousKeyExpiresAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(23), TimeSpan.FromHours(24));
        Assert.Equal(("ok", "ok"), (await CodeAsync(made.Key), await CodeAsync(rotated.Key)));

        var again = await company.Client.RotateApiKeyAsync(made.Id, TimeSpan.Zero, ct);

        Assert.Equal(("token_unknown", "token_rotated", "ok"), (await CodeAsync(made.Key), await CodeAsync(rotated.Key), await CodeAsync(again.Key)));
        await company.Client.RevokeApiKeyAsync(made.Id, ct);
        Assert.Equal("token_revoked", await CodeAsync(again.Key));
        Assert.Null((await company.Client.GetApiKeyAsync(made.Id, ct)).PreviousKeyExpiresAt);
        var brief = await company.Client.CreateApiKeyAsync(new() { Name = "brief", Scopes = ["artifacts:read"], ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1) }, ct);
        Assert.Equal(brief.ExpiresAt, (await company.Client.RotateApiKeyAsync(brief.Id, null, ct)).PreviousKeyExpiresAt);
        Assert.Equal("api_key_ended", (await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.RotateApiKeyAsync(made.Id, null, ct))).Error.Code);
        var put = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.PutS3CredentialsAsync(made.Id, Credentials, ct));
        Assert.Equal((HttpStatusCode.Conflict, "api_key_ended"), (put.Status, put.Error.Code));
    }

    [Fact]
    public async Task Rotations_at_once_leave_one_key_and_the_one_before_it()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = ["artifacts:read"] }, ct);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                return (await company.Client.RotateApiKeyAsync(made.Id, TimeSpan.FromHours(1), ct)).Key;
            }
            catch (PlatformApiException e) when (e.Error.Code == "api_key_changed")
            {
                return null;
            }
        }));

        // Rotations that came one after the other leave the last two; those that met left one.
        var codes = await Task.WhenAll(answers.OfType<string>().Select(CodeAsync));
        Assert.NotEmpty(codes);
        Assert.InRange(codes.Count(code => code == "ok"), 1, 2);
        Assert.All(codes, code => Assert.Contains(code, new[] { "ok", "token_unknown" }));
    }

    private async Task<string> CodeAsync(string key)
    {
        try
        {
            await new PlatformClient(platform.CreateClient(), key).ListArtifactsAsync(new(), ct);
            return "ok";
        }
        catch (PlatformApiException e)
        {
            return e.Error.Code;
        }
    }

    [Fact]
    public async Task S3_credentials_are_attached_replaced_and_removed_and_their_secrets_never_shown()
    {
        var company = await platform.NewCompanyAsync();
        await MissingAsync(() => company.Client.GetS3CredentialsAsync(company.ApiKeyId, ct));
        var put = await company.Client.PutS3CredentialsAsync(company.ApiKeyId, Credentials, ct);
        Assert.Equal(("AKIA", "eu-central-1", "https://s3.example.com", true), (put.AccessKeyId, put.Region, put.Endpoint, put.HasSessionToken));

        using var http = company.CreateHttp();
        var shown = await http.GetStringAsync($"/api/v1/api-keys/{company.ApiKeyId}/s3-credentials", ct);
        Assert.DoesNotContain("the-secret-part", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("the-session-token", shown, StringComparison.Ordinal);
        await using var db = platform.Database();
        var row = await db.S3Credentials.AsNoTracking().SingleAsync(c => c.ApiKeyId == company.ApiKeyId, ct);
        Assert.DoesNotContain("the-secret-part", row.ProtectedSecret, StringComparison.Ordinal);
        Assert.DoesNotContain("the-session-token", row.ProtectedToken, StringComparison.Ordinal);

        var replaced = await company.Client.PutS3CredentialsAsync(company.ApiKeyId, Credentials with { AccessKeyId = "AKIB", SessionToken = null, Endpoint = null }, ct);
        Assert.Equal(("AKIB", null, false), (replaced.AccessKeyId, replaced.Endpoint, replaced.HasSessionToken));
        Assert.True((await company.Client.ListApiKeysAsync(null, null, ct)).Data.Single().HasS3Credentials);

        await company.Client.DeleteS3CredentialsAsync(company.ApiKeyId, ct);
        await MissingAsync(() => company.Client.DeleteS3CredentialsAsync(company.ApiKeyId, ct));

        static async Task MissingAsync(Func<Task> call) => Assert.Equal("s3_credentials_not_found", (await Assert.ThrowsAsync<PlatformApiException>(call)).Error.Code);
    }

    [Theory]
    [InlineData("http://10.1.2.3:9000", "forbidden_address")]
    [InlineData("http://[::1]:9000", "forbidden_address")]
    [InlineData("s3.example.com", "invalid_url")]
    [InlineData("https://user:pass@s3.example.com", "invalid_url")]
    [InlineData("https://s3.example.com/path", "invalid_url")]
    public async Task An_endpoint_that_must_not_be_reached_is_refused(string endpoint, string code)
    {
        var company = await platform.NewCompanyAsync();
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.PutS3CredentialsAsync(company.ApiKeyId, Credentials with { Endpoint = endpoint }, ct));

        Assert.Equal((HttpStatusCode.BadRequest, code, "endpoint"), (e.Status, e.Error.Code, e.Error.Param));
    }

    [Fact]
    public async Task The_platforms_own_store_is_an_allowed_endpoint()
    {
        var company = await platform.NewCompanyAsync();
        var put = await company.Client.PutS3CredentialsAsync(company.ApiKeyId, Credentials with { Endpoint = platform.StoreAddress.Endpoint.AbsoluteUri }, ct);

        Assert.Equal(platform.StoreAddress.Endpoint.AbsoluteUri, put.Endpoint);
    }
}
