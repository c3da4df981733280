using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>The document says all that there is to say about every route.</summary>
public sealed class OpenApiTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly List<ApiRoute> Routes = [.. ApiRoutes.All, .. ApiRoutes.Playback, .. ApiRoutes.WellKnown];

    /// <summary>Mapped by the framework; their answers have a form of their own.</summary>
    private static readonly string[] HealthRoutes = ["GET /alive", "GET /health"];

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_is_valid_openapi_3_1()
    {
        var text = await ReadAsync();
        var result = OpenApiDocument.Parse(text, "json");

        Assert.StartsWith("3.1.", JsonNode.Parse(text)?["openapi"]?.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty(result.Diagnostic?.Errors ?? []);
        Assert.Empty(result.Diagnostic?.Warnings ?? []);
        Assert.NotNull(result.Document);
    }

    [Fact]
    public async Task Every_route_is_in_it_and_nothing_else()
    {
        var document = JsonNode.Parse(await ReadAsync());
        var described = document?["paths"]?.AsObject().SelectMany(path => path.Value?.AsObject().Select(op => $"{op.Key.ToUpperInvariant()} {path.Key}") ?? []) ?? [];

        Assert.Equal(Routes.Select(r => r.ToString()).Concat(HealthRoutes).Order(), described.Order());
    }

    [Fact]
    public async Task Every_route_has_words_examples_and_all_its_errors()
    {
        var document = JsonNode.Parse(await ReadAsync());
        foreach (var route in Routes)
        {
            var operation = document?["paths"]?[route.Pattern]?[route.Method.ToLowerInvariant()] ?? throw new InvalidOperationException($"{route} is missing.");
            Assert.All(["summary", "description", "operationId"], word => Assert.NotEmpty(operation[word]?.GetValue<string>() ?? ""));
            Assert.Equal((route, !route.IsPublic), (route, operation["security"] is not null));
            Assert.All(operation["parameters"]?.AsArray() ?? [], parameter => Assert.NotEmpty(parameter?["description"]?.GetValue<string>() ?? ""));
            Assert.Equal((route, TakesIdempotencyKey(route)), (route, operation["parameters"]?.AsArray().Any(p => p?["name"]?.GetValue<string>() == "Idempotency-Key") == true));
            var responses = operation["responses"]?.AsObject() ?? [];
            var statuses = responses.Select(r => r.Key).ToList();
            Assert.Empty(ExpectedErrors(route).Except(statuses).Select(status => $"{route} lacks {status}"));
            foreach (var (status, response) in responses)
            {
                Check(route, status, response ?? throw new InvalidOperationException());
            }

            if (route.HasBody)
            {
                Assert.NotEmpty(operation["requestBody"]?["content"]?["application/json"]?["examples"]?.AsObject() ?? []);
            }
        }
    }

    [Theory]
    [InlineData("/alive", new[] { "200" })]
    [InlineData("/health", new[] { "200", "503" })]
    public async Task Health_is_described_as_it_answers(string path, string[] statuses)
    {
        var operation = JsonNode.Parse(await ReadAsync())?["paths"]?[path]?["get"] ?? throw new InvalidOperationException($"{path} is missing.");
        using var http = platform.CreateClient();
        var answer = await http.GetFromJsonAsync<JsonObject>(path, ct) ?? [];

        Assert.All(["summary", "description"], word => Assert.NotEmpty(operation[word]?.GetValue<string>() ?? ""));
        Assert.Equal(statuses, (operation["responses"]?.AsObject() ?? []).Select(r => r.Key));
        Assert.Null(operation["security"]);
        foreach (var status in statuses)
        {
            var content = operation["responses"]?[status]?["content"]?["application/json"];
            Assert.Equal(answer.Select(member => member.Key), (content?["schema"]?["properties"]?.AsObject() ?? []).Select(p => p.Key));
            var example = content?["examples"]?["answer"]?["value"];
            Assert.Equal(status == "200" ? "Healthy" : "Unhealthy", example?["status"]?.GetValue<string>());
            Assert.Equal((answer["checks"]?.AsObject() ?? []).Select(check => check.Key).Order(), (example?["checks"]?.AsObject() ?? []).Select(check => check.Key).Order());
        }
    }

    [Fact]
    public async Task A_names_longest_length_stands_in_it()
    {
        var schema = JsonNode.Parse(await ReadAsync())?["components"]?["schemas"]?["CreateArtifactRequest"]?["properties"]?["name"];

        Assert.Equal((1, 255), (schema?["minLength"]?.GetValue<int>(), schema?["maxLength"]?.GetValue<int>()));
    }

    [Fact]
    public async Task Operation_ids_are_distinct()
    {
        var ids = Regex.Matches(await ReadAsync(), "\"operationId\": \"(.*?)\"").Select(m => m.Groups[1].Value).ToList();

        Assert.Equal(Routes.Count + HealthRoutes.Length, ids.Count);
        Assert.Distinct(ids);
    }

    [Fact]
    public async Task The_page_that_shows_it_needs_nothing_from_elsewhere()
    {
        using var http = platform.CreateClient();
        var page = await http.GetStringAsync("/docs", ct);
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", page);
        foreach (var file in Regex.Matches(page, "(?:src|href)=\"(.+?)\"").Select(m => m.Groups[1].Value))
        {
            using var response = await http.GetAsync($"/docs/{file}", ct);
            Assert.True(response.IsSuccessStatusCode, $"{file}: {(int)response.StatusCode}");
        }

        Assert.Contains("/openapi/v1.json", await http.GetStringAsync("/docs/index.js", ct), StringComparison.Ordinal);
    }

    private static IEnumerable<string> ExpectedErrors(ApiRoute route)
    {
        string[] always = ["500", "503"];
        return always
            .Concat(route.IsPublic ? [] : ["401", "403"])
            .Concat(route.HasBody ? ["400", "413", "415"] : [])
            .Concat(IsLimited(route) ? ["429"] : [])
            .Concat(TakesIdempotencyKey(route) ? ["400", "409"] : [])
            .Concat(route.Pattern.Contains('{', StringComparison.Ordinal) ? ["404"] : []);
    }

    private static bool IsLimited(ApiRoute route) => route.Pattern.StartsWith("/api/v1/", StringComparison.Ordinal);

    private static bool TakesIdempotencyKey(ApiRoute route) => route.Method == "POST";

    private static void Check(ApiRoute route, string status, JsonNode response)
    {
        var where = $"{route} {status}";
        Assert.True(response["description"]?.GetValue<string>() is { Length: > 0 }, where);
        Assert.True(response["headers"]?["X-Request-Id"] is not null, where);
        Assert.Equal((where, IsLimited(route)), (where, response["headers"]?["RateLimit-Remaining"] is not null));
        Assert.Equal((where, status is "429" or "503" || (status == "409" && TakesIdempotencyKey(route))), (where, response["headers"]?["Retry-After"] is not null));
        if (status is "204" or "302")
        {
            Assert.True(response["content"] is null, where);
            return;
        }

        var (_, content) = Assert.Single(response["content"]?.AsObject() ?? []);
        Assert.True(content?["schema"] is not null, where);
        Assert.True(content["examples"] is JsonObject { Count: > 0 }, where);
        if (status[0] is '4' or '5')
        {
            // RFC 6749 prescribes its own form.
            var form = route.Pattern == "/api/v1/oauth/token" ? "TokenError" : "ErrorEnvelope";
            Assert.Equal((where, $"#/components/schemas/{form}"), (where, content["schema"]?["$ref"]?.GetValue<string>()));
        }
    }

    private async Task<string> ReadAsync()
    {
        using var http = platform.CreateClient();
        return await http.GetStringAsync("/openapi/v1.json", ct);
    }
}
