using System.Net;
using System.Net.Http.Json;
using System.Text;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Json;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Requests as any client could write them.</summary>
public static class HttpCalls
{
    public static async Task<HttpResponseMessage> SendAsync(this HttpClient http, string method, string path, string? json, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json");
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    /// <summary>Creates an artifact from <paramref name="json"/> and expects to be refused.</summary>
    public static async Task<ApiError> RefusedAsync(this TestCompany company, string json, CancellationToken ct)
    {
        using var http = company.CreateHttp();
        using var response = await http.SendAsync("POST", "/api/v1/artifacts/create", json, ct);
        return await response.ErrorAsync(HttpStatusCode.BadRequest, ct);
    }

    /// <summary>The error of an answer that must have that status and the envelope's form.</summary>
    public static async Task<ApiError> ErrorAsync(this HttpResponseMessage response, HttpStatusCode status, CancellationToken ct)
    {
        var body = await response.Content.ReadAsStringAsync(ct);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} instead of {(int)status}: {body}");
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        var envelope = await response.Content.ReadFromJsonAsync<ErrorEnvelope>(ContractJson.Options, ct);
        var error = envelope?.Error ?? throw new InvalidOperationException("There is no error in it.");
        Assert.NotEmpty(error.Message);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), error.RequestId);
        return error;
    }
}
