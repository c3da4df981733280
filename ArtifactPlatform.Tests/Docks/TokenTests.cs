using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Client.OAuth;
using ArtifactPlatform.Tests.Api;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>How machines get tokens, and how others can check them.</summary>
public sealed class TokenTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Json = "application/json";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_is_given_for_a_form_for_json_and_for_http_basic()
    {
        var machine = (await (await platform.NewCompanyAsync()).NewDockAsync(ct)).Machine;
        var answers = new[]
        {
            await AskAsync(Form, $"grant_type=client_credentials&client_id={machine.ClientId}&client_secret={machine.ClientSecret}"),
            await AskAsync(Json, JsonSerializer.Serialize(new { grant_type = "client_credentials", client_id = machine.ClientId, client_secret = machine.ClientSecret })),
            await AskAsync(Form, "grant_type=client_credentials", Basic(machine.ClientId, machine.ClientSecret)),
        };

        foreach (var (status, headers, body) in answers)
        {
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.Equal(("Bearer", 3600, "artifacts:read artifacts:write"), (body.GetProperty("token_type").GetString(), body.GetProperty("expires_in").GetInt32(), body.GetProperty("scope").GetString()));
            Assert.True(headers.CacheControl?.NoStore);
        }
    }

    [Fact]
    public async Task A_scope_narrows_the_token_and_more_than_the_client_has_is_refused()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        var token = await company.Client.GetTokenAsync(dock.Machine.ClientId, dock.Machine.ClientSecret, "artifacts:read", ct);
        Assert.Equal("artifacts:read", token.Scope);
        var reader = company.Client.WithToken(token.AccessToken).MachineDockArtifacts(dock.Id);
        Assert.Empty((await reader.ListAsync(new(), ct)).Data);
        Assert.Equal("scope_missing", await TestDock.CodeAsync(() => reader.CreateAsync(new() { Filename = "a" }, ct)));

        var writer = await company.Client.CreateMachineClientAsync(dock.Id, new() { Name = "w", Scopes = ["artifacts:write"] }, ct);
        Assert.Equal("invalid_scope", await TestDock.CodeAsync(() => company.Client.GetTokenAsync(writer.ClientId, writer.ClientSecret, "artifacts:write artifacts:read", ct)));
        Assert.Equal("invalid_scope", await TestDock.CodeAsync(() => company.Client.GetTokenAsync(writer.ClientId, writer.ClientSecret, "admin", ct)));
    }

    [Theory]
    [InlineData(Form, "grant_type=client_credentials&client_id={id}&client_secret=wrong", 401, "invalid_client")]
    [InlineData(Form, "grant_type=client_credentials&client_id=client_none&client_secret={secret}", 401, "invalid_client")]
    [InlineData(Form, "grant_type=client_credentials", 401, "invalid_client")]
    [InlineData(Form, "grant_type=client_credentials&client_id={id}", 401, "invalid_client")]
    [InlineData(Form, "client_id={id}&client_secret={secret}", 400, "invalid_request")]
    [InlineData(Form, "grant_type=password&client_id={id}&client_secret={secret}", 400, "unsupported_grant_type")]
    [InlineData(Form, "grant_type=client_credentials&client_id={id}&client_id={id}&client_secret={secret}", 400, "invalid_request")]
    [InlineData(Form, "grant_type=client_credentials&client_id={id}&client_secret={secret}&scope=videos%3Aread", 400, "invalid_scope")]
    [InlineData(Json, """{"grant_type":"client_credentials","client_id":"{id}","client_secret":"wrong"}""", 401, "invalid_client")]
    [InlineData(Json, """{"grant_type":"client_credentials","client_id":1}""", 400, "invalid_request")]
    [InlineData(Json, """[]""", 400, "invalid_request")]
    [InlineData(Json, "{", 400, "invalid_request")]
    [InlineData("text/plain", "grant_type=client_credentials", 400, "invalid_request")]
    [InlineData(null, "", 400, "invalid_request")]
    public async Task A_refusal_has_the_form_of_rfc_6749(string? mediaType, string body, int status, string error)
    {
        var machine = (await (await platform.NewCompanyAsync()).NewDockAsync(ct)).Machine;
        var answer = await AskAsync(mediaType, body.Replace("{id}", machine.ClientId, StringComparison.Ordinal).Replace("{secret}", machine.ClientSecret, StringComparison.Ordinal));

        Assert.Equal((status, error), ((int)answer.Status, answer.Body.GetProperty("error").GetString()));
        Assert.NotEmpty(answer.Body.GetProperty("error_description").GetString() ?? "");
        Assert.Equal(["error", "error_description"], answer.Body.EnumerateObject().Select(p => p.Name));
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task So_has_what_the_platform_answers_before_the_route_is_reached()
    {
        using var http = platform.CreateClient();
        using var get = await http.GetAsync("/api/v1/oauth/token", ct);
        using var large = new HttpRequestMessage(HttpMethod.Post, "/api/v1/oauth/token") { Content = new StringContent(new string('a', (1 << 20) + 1), Encoding.UTF8, Form) };
        large.Headers.ExpectContinue = true;
        using var tooLarge = await http.SendAsync(large, ct);
        await using var tight = await platform.StartApiAsync(
        [
            ("RateLimits:AnonymousRequestsPerSecond", "1"), ("RateLimits:AnonymousBurst", "1"),
            // A bucket of its own: in Redis it is that of all tests.
            ("ConnectionStrings:redis", "127.0.0.1:1,connectTimeout=200"),
        ],
            ct: ct);
        using var other = tight.CreateClient();
        HttpResponseMessage limited;
        do
        {
            limited = await other.PostAsync("/api/v1/oauth/token", null, ct);
        }
        while (limited.StatusCode != HttpStatusCode.TooManyRequests);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "invalid_request"), await ReadAsync(get));
        Assert.Equal("POST", Assert.Single(get.Content.Headers.Allow));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "invalid_request"), await ReadAsync(tooLarge));
        Assert.Equal((HttpStatusCode.TooManyRequests, "temporarily_unavailable"), await ReadAsync(limited));
        Assert.NotNull(limited.Headers.RetryAfter?.Delta);
        Assert.Equal("server_error", TokenErrorForm.Of(Error.Internal()).Error);

        async Task<(HttpStatusCode, string?)> ReadAsync(HttpResponseMessage answer)
        {
            var body = await answer.Content.ReadFromJsonAsync<JsonElement>(ct);
            Assert.Equal(["error", "error_description"], body.EnumerateObject().Select(p => p.Name));
            return (answer.StatusCode, body.GetProperty("error").GetString());
        }
    }

    [Fact]
    public async Task Credentials_in_the_header_are_asked_for_there_again_and_taken_in_one_place_alone()
    {
        var machine = (await (await platform.NewCompanyAsync()).NewDockAsync(ct)).Machine;
        var wrong = await AskAsync(Form, "grant_type=client_credentials", Basic(machine.ClientId, "wrong"));
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (wrong.Status, Assert.Single(wrong.Headers.WwwAuthenticate).Scheme));

        var both = await AskAsync(Form, $"grant_type=client_credentials&client_id={machine.ClientId}&client_secret={machine.ClientSecret}", Basic(machine.ClientId, machine.ClientSecret));
        var broken = await AskAsync(Form, "grant_type=client_credentials", new("Basic", "%%%"));
        var another = await AskAsync(Form, "grant_type=client_credentials&client_id=client_none", Basic(machine.ClientId, machine.ClientSecret));
        Assert.Contains("differ", another.Body.GetProperty("error_description").GetString(), StringComparison.Ordinal);
        var large = await AskAsync(Form, $"grant_type={new string('a', 10_000)}");
        Assert.All([both, broken, another, large], answer => Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (answer.Status, answer.Body.GetProperty("error").GetString())));
    }

    [Fact]
    public async Task Anyone_can_check_a_token_with_what_the_platform_publishes()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        using var http = platform.CreateClient();
        var server = (await http.GetFromJsonAsync<AuthorizationServerMetadata>("/.well-known/oauth-authorization-server", ct))!;
        var keys = new JsonWebKeySet(await http.GetStringAsync(new Uri(server.JwksUri).AbsolutePath, ct));
        Assert.Equal(("/api/v1/oauth/token", "client_credentials"), (new Uri(server.TokenEndpoint).AbsolutePath, Assert.Single(server.GrantTypesSupported)));

        var verdict = await new JsonWebTokenHandler().ValidateTokenAsync(dock.Token, new()
        {
            ValidTypes = ["at+jwt"], ValidAlgorithms = ["RS256"], ValidIssuer = server.Issuer, ValidAudience = $"{server.Issuer}/api/v1", IssuerSigningKeys = keys.GetSigningKeys(),
        });

        Assert.True(verdict.IsValid, $"{verdict.Exception}");
        var jwt = (JsonWebToken)verdict.SecurityToken;
        Assert.Equal((dock.Machine.ClientId, dock.Machine.ClientId, dock.Id), (jwt.Subject, jwt.GetClaim("client_id").Value, jwt.GetClaim("dock_id").Value));
        Assert.Equal(TimeSpan.FromHours(1), jwt.ValidTo - jwt.IssuedAt);
        Assert.NotEmpty(jwt.Id);
        Assert.DoesNotContain("\"d\"", await http.GetStringAsync("/.well-known/jwks.json", ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rotating_ends_the_old_secret_at_once_or_after_the_grace_that_is_asked_for()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        var machine = dock.Machine;
        var second = await company.Client.RotateMachineClientAsync(dock.Id, machine.ClientId, null, ct);
        Assert.Equal((machine.ClientId, null), (second.ClientId, second.PreviousSecretExpiresAt));
        Assert.Equal(("invalid_client", "ok"), (await CodeAsync(machine), await CodeAsync(second)));

        var third = await company.Client.RotateMachineClientAsync(dock.Id, machine.ClientId, TimeSpan.FromHours(1), ct);
        Assert.InRange(third.PreviousSecretExpiresAt!.Value - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(59), TimeSpan.FromHours(1));
        Assert.Equal(("invalid_client", "ok", "ok"), (await CodeAsync(machine), await CodeAsync(second), await CodeAsync(third)));

        // A token from before lives out its hour; with the client it ends at once.
        Assert.Empty((await dock.AsMachine.ListAsync(new(), ct)).Data);
        await company.Client.DeleteMachineClientAsync(dock.Id, machine.ClientId, ct);
        Assert.Equal("token_revoked", await TestDock.CodeAsync(() => dock.AsMachine.ListAsync(new(), ct)));
        Assert.Equal("invalid_client", await CodeAsync(third));
        Assert.Equal("machine_client_not_found", await TestDock.CodeAsync(() => company.Client.RotateMachineClientAsync(dock.Id, machine.ClientId, null, ct)));

        async Task<string> CodeAsync(CreatedMachineClient client)
        {
            try
            {
                await company.Client.GetTokenAsync(client.ClientId, client.ClientSecret, null, ct);
                return "ok";
            }
            catch (Client.PlatformApiException e)
            {
                return e.Error.Code;
            }
        }
    }

    private async Task<(HttpStatusCode Status, HttpResponseHeaders Headers, JsonElement Body)> AskAsync(string? mediaType, string body, AuthenticationHeaderValue? authorization = null)
    {
        using var http = platform.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/oauth/token") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = mediaType is null ? null : new(mediaType);
        request.Headers.Authorization = authorization;
        using var response = await http.SendAsync(request, ct);
        return (response.StatusCode, response.Headers, await response.Content.ReadFromJsonAsync<JsonElement>(ct));
    }

    private static AuthenticationHeaderValue Basic(string id, string secret) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Uri.EscapeDataString(id)}:{Uri.EscapeDataString(secret)}")));
}
