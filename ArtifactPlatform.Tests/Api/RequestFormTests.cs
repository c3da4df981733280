using System.Net;
using System.Text;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Requests that can't be read, and the form of every error.</summary>
public sealed class RequestFormTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"name":"a","type":"video" """, "invalid_json", null)]
    [InlineData("not json", "invalid_json", null)]
    [InlineData("[]", "invalid_json", null)]
    [InlineData("null", "body_required", null)]
    [InlineData("", "body_required", null)]
    [InlineData("""{"name":5,"type":"video"}""", "invalid_json", "name")]
    [InlineData("""{"name":"a","type":"movie"}""", "invalid_json", "type")]
    [InlineData("""{"name":"a","type":0}""", "invalid_json", "type")]
    [InlineData("""{"name":"a\ud800","type":"video"}""", "invalid_json", "name")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"url":"https://a.example","startTime":0},{"url":"https://a.example","startTime":0},{"url":"https://a.example","startTime":"0"}]}""", "invalid_json", "fragments[2].startTime")]
    [InlineData("""{"type":"video"}""", "invalid_parameter", "name")]
    [InlineData("""{"name":null,"type":"video"}""", "invalid_parameter", "name")]
    [InlineData("""{"name":"","type":"video"}""", "invalid_parameter", "name")]
    [InlineData("""{"name":"a\u0000b","type":"video"}""", "invalid_parameter", "name")]
    [InlineData("""{"name":"a\u0085b","type":"video"}""", "invalid_parameter", "name")]
    [InlineData("""{"name":"a"}""", "invalid_parameter", "type")]
    [InlineData("""{"name":"a","type":"video","fragments":[]}""", "invalid_parameter", "fragments")]
    [InlineData("""{"name":"a","type":"video","fragments":[null]}""", "invalid_parameter", "fragments[0]")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"url":"https://a.example","startTime":0},{"url":"https://a.example","startTime":-0.5}]}""", "invalid_parameter", "fragments[1].startTime")]
    [InlineData("""{"name":"a","type":"video","fragments":[{"url":"https://a.example"}]}""", "invalid_parameter", "fragments[0].startTime")]
    public async Task A_body_that_is_not_right_is_refused_and_the_field_named(string body, string code, string? param)
    {
        var company = await platform.NewCompanyAsync();
        var error = await company.RefusedAsync(body, ct);

        Assert.Equal(("invalid_request_error", code, param), (error.Type, error.Code, error.Param));
    }

    [Theory]
    [InlineData("/api/v1/webhook-endpoints", """{"url":"https://a.example","events":[]}""", "The field events must have at least one entry, and at most 32.")]
    [InlineData("/api/v1/uploads/up_x/parts", """{"part_numbers":[]}""", "The field part_numbers must have at least one entry, and at most 1000.")]
    [InlineData("/api/v1/videos", """{"input":[]}""", "The field input must have exactly one entry.")]
    [InlineData("/api/v1/videos", """{"artifact_id":"a","tags":["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17","18","19","20","21"]}""", "The field tags must have at most 20 entries.")]
    [InlineData("/api/v1/uploads", """{"filename":"a.mp4","mime_type":"video/mp4","file_size_bytes":0}""", "The field file_size_bytes must be 1 or more.")]
    [InlineData("/api/v1/docks/dock_x/artifacts", """{"filename":"a","size":-1}""", "The field size must be 0 or more.")]
    public async Task A_refusal_says_in_plain_words_what_to_change(string path, string body, string message)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", path, body, ct);

        Assert.Equal(message, (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Message);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=101", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("type=movie", "type")]
    [InlineData("status=ready", "status")]
    [InlineData("sort=name", "sort")]
    [InlineData("createdAfter=yesterday", "createdAfter")]
    [InlineData("search=%00", "search")]
    public async Task A_query_that_is_not_right_is_refused_and_the_parameter_named(string query, string param)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.GetAsync($"/api/v1/artifacts?{query}", ct);
        var error = await response.ErrorAsync(HttpStatusCode.BadRequest, ct);

        Assert.Equal(("invalid_parameter", param), (error.Code, error.Param));
    }

    [Fact]
    public async Task Unknown_body_fields_are_ignored()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", "/api/v1/artifacts", """{"name":"a.mp4","type":"video","colour":"blue"}""", ct);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/v1/nothing", HttpStatusCode.NotFound, "route_not_found")]
    [InlineData("GET", "/nothing", HttpStatusCode.NotFound, "route_not_found")]
    [InlineData("PUT", "/api/v1/artifacts", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    [InlineData("POST", "/api/v1/events", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task What_is_not_routed_is_answered_in_the_same_form(string method, string path, HttpStatusCode status, string code)
    {
        using var http = platform.CreateClient();
        using var response = await http.SendAsync(method, path, null, ct);

        Assert.Equal(code, (await response.ErrorAsync(status, ct)).Code);
    }

    [Fact]
    public async Task A_body_that_is_not_json_by_its_type_is_refused()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var text = new StringContent("""{"name":"a","type":"video"}""", Encoding.UTF8, "text/plain");
        using var response = await http.PostAsync("/api/v1/artifacts", text, ct);

        Assert.Equal("unsupported_media_type", (await response.ErrorAsync(HttpStatusCode.UnsupportedMediaType, ct)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_one_mebibyte_is_refused_whether_its_length_is_told_or_not(bool chunked)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/artifacts")
        {
            Content = new StringContent($$"""{"name":"a","type":"video","x":"{{new string('x', 1 << 20)}}"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = chunked;
        // As curl does it: a server that refuses the body by its length need not read it, and the client does not send into a closed connection.
        request.Headers.ExpectContinue = !chunked;
        using var response = await http.SendAsync(request, ct);

        Assert.Equal("body_too_large", (await response.ErrorAsync(HttpStatusCode.RequestEntityTooLarge, ct)).Code);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_of_its_own()
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        var ids = new List<string>();
        foreach (var path in new[] { "/api/v1/artifacts", "/api/v1/artifacts", "/api/v1/artifacts/none", "/health", "/openapi/v1.json", "/nothing" })
        {
            using var response = await http.GetAsync(path, ct);
            ids.Add(Assert.Single(response.Headers.GetValues("X-Request-Id")));
        }

        Assert.All(ids, id => Assert.Matches("^req_[0-9a-f]{24}$", id));
        Assert.Distinct(ids);
    }

    [Fact]
    public async Task A_request_id_that_a_client_brings_is_not_taken_over()
    {
        using var http = platform.CreateClient();
        http.DefaultRequestHeaders.Add("X-Request-Id", "req_mine");
        using var response = await http.GetAsync("/api/v1/artifacts", ct);

        Assert.NotEqual("req_mine", (await response.ErrorAsync(HttpStatusCode.Unauthorized, ct)).RequestId);
    }
}
