using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ArtifactPlatform.Client.OAuth;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Tests.Docks;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Text that the database can't hold is the request's fault, on every route that the Api describes.</summary>
public sealed class StorableTextTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly List<ApiRoute> Routes = [.. ApiRoutes.All, .. ApiRoutes.Playback, .. ApiRoutes.WellKnown];

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_nul_in_any_parameter_of_a_query_is_refused_and_the_parameter_named()
    {
        var (document, callers) = (await ReadDocumentAsync(), await CallersAsync());
        var tried = 0;
        foreach (var route in Routes)
        {
            using var http = callers.For(route);
            var operation = Operation(document, route);
            foreach (var name in operation["parameters"]?.AsArray().Where(p => p?["in"]?.GetValue<string>() == "query").Select(p => p!["name"]!.GetValue<string>()) ?? [])
            {
                using var response = await http.SendAsync(route.Method, $"{Address(route, callers.DockId)}?{name}=a%00b", route.HasBody ? "{}" : null, ct);
                var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

                Assert.Equal((route, "invalid_parameter", name), (route, error.Code, error.Param));
                Assert.True(operation["responses"]?["400"] is not null, $"{route} does not say that it can be malformed.");
                tried++;
            }
        }

        Assert.InRange(tried, 40, int.MaxValue);
    }

    [Fact]
    public async Task A_nul_in_any_member_of_a_body_is_refused_and_the_member_named()
    {
        var (document, callers) = (await ReadDocumentAsync(), await CallersAsync());
        var tried = 0;
        foreach (var route in Routes.Where(r => r.HasBody))
        {
            using var http = callers.For(route);
            var schema = Operation(document, route)["requestBody"]?["content"]?["application/json"]?["schema"] ?? throw new InvalidOperationException($"{route} has no schema.");
            foreach (var member in BodyMember.Of(document, schema))
            {
                using var response = await http.SendAsync(route.Method, Address(route, callers.DockId), member.Body, ct);
                var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

                // Words and times are no longer such with a NUL in them.
                Assert.Contains(error.Code, member.IsText ? ["invalid_parameter"] : new[] { "invalid_parameter", "invalid_json" });
                Assert.Equal((route, member.Path), (route, error.Param));
                tried++;
            }
        }

        Assert.InRange(tried, 70, int.MaxValue);
    }

    /// <summary>Their members are the caller's own, so they have a rule for all that Postgres can't hold, and a code.</summary>
    [Theory]
    [InlineData("POST", "/api/v1/artifacts", """{"name":"a","type":"video","metadata":{"a":["\u0000"]}}""")]
    [InlineData("PATCH", "/api/v1/artifacts/none", """{"metadata":{"a\u0000":1}}""")]
    [InlineData("POST", "/api/v1/docks/{dock}/artifacts", """{"filename":"a","metadata":{"a":{"b":"\ud800"}}}""")]
    public async Task A_nul_in_metadata_is_refused_as_metadata(string method, string path, string body)
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.Client.CreateDockAsync(new() { Name = "a" }, ct);
        using var http = company.CreateHttp();
        using var response = await http.SendAsync(method, path.Replace("{dock}", dock.Id, StringComparison.Ordinal), body, ct);
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

        Assert.Equal(("invalid_metadata", "metadata"), (error.Code, error.Param));
    }

    [Fact]
    public async Task A_nul_in_a_path_or_a_header_is_refused()
    {
        var callers = await CallersAsync();
        foreach (var route in Routes.Where(r => r.Pattern.Contains('{', StringComparison.Ordinal)))
        {
            using var http = callers.For(route);
            using var response = await http.SendAsync(route.Method, route.At("a\0"), route.HasBody ? "{}" : null, ct);
            Assert.True(response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.NotFound, $"{route}: {(int)response.StatusCode}");
        }

        foreach (var (request, header) in new[] { ("POST /api/v1/artifacts", "Idempotency-Key"), ("GET /api/v1/events/stream", "Last-Event-ID"), ("GET /api/v1/artifacts", "Authorization") })
        {
            Assert.Equal("HTTP/1.1 400 Bad Request", await StatusLineAsync($"{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n{header}: a\0b\r\n\r\n"));
        }
    }

    [Theory]
    [InlineData("grant_type")]
    [InlineData("client_id")]
    [InlineData("client_secret")]
    [InlineData("scope")]
    public async Task A_nul_in_a_request_for_a_token_is_refused_in_the_form_of_its_specification(string parameter)
    {
        var values = new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["client_id"] = "client_x", ["client_secret"] = "x", [parameter] = "a\0b" };
        using var http = platform.CreateClient();
        using var form = new FormUrlEncodedContent(values);
        using var json = JsonContent.Create(values);
        using var basic = new HttpRequestMessage(HttpMethod.Post, "/api/v1/oauth/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        basic.Headers.TryAddWithoutValidation("Authorization", $"Basic {Convert.ToBase64String("client%00:x"u8)}");
        foreach (var response in new[] { await http.PostAsync("/api/v1/oauth/token", form, ct), await http.PostAsync("/api/v1/oauth/token", json, ct), await http.SendAsync(basic, ct) })
        {
            using (response)
            {
                Assert.Equal((HttpStatusCode.BadRequest, "invalid_request"), (response.StatusCode, (await response.Content.ReadFromJsonAsync<TokenError>(ct))?.Error));
            }
        }
    }

    /// <summary>They are read before anything vouches for them.</summary>
    [Theory]
    [InlineData("""{"alg":"RS256","kid":"a\u0000b"}""")]
    [InlineData("""{"alg":"RS256","kid":"a\ud800"}""")]
    [InlineData("""{"alg":""")]
    public async Task A_token_whose_header_names_no_key_that_could_be_is_refused(string header)
    {
        var company = await platform.NewCompanyAsync();
        var artifact = await company.Client.CreateUploadAsync(new() { Name = "a.mp4", Type = Client.Artifacts.ArtifactType.Video }, ct);
        var video = await company.Client.CreateVideoAsync(new() { ArtifactId = artifact.ArtifactId, PlaybackPolicy = PlaybackPolicy.Signed }, ct);
        var token = $"{Convert.ToBase64String(Encoding.UTF8.GetBytes(header)).TrimEnd('=')}.e30.AAAA";
        using var http = platform.CreateClient(token);
        using var asCaller = await http.GetAsync("/api/v1/artifacts", ct);
        using var asViewer = await http.GetAsync($"/play/{Assert.Single(video.PlaybackIds).Id}/master.m3u8?token={token}", ct);

        Assert.Equal("token_unknown", (await asCaller.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);
        Assert.Equal("playback_forbidden", (await asViewer.ErrorAsync(HttpStatusCode.Forbidden, ct)).Code);
    }

    private async Task<JsonNode> ReadDocumentAsync()
    {
        using var http = platform.CreateClient();
        return JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json", ct)) ?? throw new InvalidOperationException("There is no document.");
    }

    private static string Address(ApiRoute route, string id) =>
        Regex.Replace(Regex.Replace(route.Pattern, @"\{(rung|track)\}", "1"), @"\{\w+\}", id);

    private static JsonNode Operation(JsonNode document, ApiRoute route) =>
        document["paths"]?[route.Pattern]?[route.Method.ToLowerInvariant()] ?? throw new InvalidOperationException($"{route} is not described.");

    private async Task<Callers> CallersAsync()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        // A session may call every route but a machine's.
        return new Callers(platform, (await company.OpenSessionAsync(new(company.UserId, company.Email, company.Password), ct)).Token, dock.Token, dock.Id);
    }

    /// <summary>As no client library would write it.</summary>
    private async Task<string?> StatusLineAsync(string request)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(platform.ApiUrl.Host, platform.ApiUrl.Port, ct);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request), ct);
        using var reader = new StreamReader(stream);
        return await reader.ReadLineAsync(ct);
    }

    private sealed record Callers(Platform Platform, string Session, string Machine, string DockId)
    {
        public HttpClient For(ApiRoute route) => Platform.CreateClient(route.IsPublic ? null : route.IsMachine ? Machine : Session);
    }

    /// <summary>A string somewhere in a body.</summary>
    /// <param name="Path"><c>fragments[0].url</c>.</param>
    /// <param name="Body">Holds nothing but that string, with a NUL in it.</param>
    /// <param name="IsText">Any text, rather than one of some words or a time.</param>
    private sealed record BodyMember(string Path, string Body, bool IsText)
    {
        private const string Nul = "\"a\\u0000b\"";

        public static IEnumerable<BodyMember> Of(JsonNode document, JsonNode schema) =>
            from property in Resolve(document, schema)["properties"]?.AsObject() ?? []
            from value in OfValue(document, property.Value ?? throw new InvalidOperationException($"{property.Key} is not described."))
            select value with { Path = property.Key + value.Path, Body = $$"""{"{{property.Key}}":{{value.Body}}}""" };

        private static IEnumerable<BodyMember> OfValue(JsonNode document, JsonNode schema)
        {
            var value = Resolve(document, schema);
            var types = value["type"] is JsonArray all ? [.. all.Select(t => t!.GetValue<string>())] : value["type"] is { } one ? new[] { one.GetValue<string>() } : [];
            Assert.True(types.Length > 0, $"A member has no type: {schema}");
            return types switch
            {
                _ when types.Contains("string") => [new BodyMember("", Nul, value["enum"] is null && value["format"] is null)],
                _ when types.Contains("array") => OfValue(document, value["items"]!).Select(item => item with { Path = item.Path.Length == 0 ? "[0]" : $"[0]{item.Path}", Body = $"[{item.Body}]" }),
                _ when value["properties"] is not null => Of(document, value).Select(member => member with { Path = $".{member.Path}" }),
                _ => [],
            };
        }

        private static JsonNode Resolve(JsonNode document, JsonNode schema)
        {
            var named = schema["$ref"] is null && schema["oneOf"] is JsonArray choices ? choices.Single(c => c?["$ref"] is not null)! : schema;
            return named["$ref"] is { } reference ? document["components"]!["schemas"]![reference.GetValue<string>().Split('/')[^1]]! : named;
        }
    }
}
