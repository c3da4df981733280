using System.Text.RegularExpressions;

namespace ArtifactPlatform.Core.Storage.Doctor;

/// <summary>What browsers and integrators do with presigned URLs, through the public endpoint.</summary>
internal sealed partial class PublicChecks(ObjectStore store, IHttpClientFactory http, string prefix)
{
    private const string PublicEndpointSetting = "Storage__PublicEndpoint";

    private static readonly TimeSpan UrlLifetime = TimeSpan.FromMinutes(15);

    /// <summary>An error document has hundreds of bytes; what sends more is no store.</summary>
    private const int MaxAnswerBytes = 1 << 20;

    private static readonly byte[] Content = "doctor"u8.ToArray();

    private string Key => $"{prefix}presigned";

    private string Authority => store.PublicEndpoint.Authority;

    public async Task<string> PresignedPutAsync(CancellationToken ct)
    {
        using var answer = await SendAsync(HttpMethod.Put, origin: null, ct);
        if (!answer.IsSuccessStatusCode)
        {
            throw Refused((int)answer.StatusCode, await CodeOfAsync(answer, ct));
        }

        if (await store.HeadAsync(Key, ct) is null)
        {
            throw new CheckFailedException(
                $"{Authority} took the file, but it is not in bucket {store.Bucket} at {store.Options.Address.Endpoint.Authority}.",
                $"The public endpoint leads to another store than the internal one. Correct {PublicEndpointSetting}.");
        }

        return $"A presigned PUT to {Authority} landed in the bucket.";
    }

    public async Task<string> CorsAsync(CancellationToken ct)
    {
        foreach (var origin in store.Options.UploadOrigins.Select(Concrete))
        {
            using var preflight = await SendAsync(HttpMethod.Options, origin, ct);
            if (!Lists(preflight, "Access-Control-Allow-Origin", origin) || !Lists(preflight, "Access-Control-Allow-Methods", "PUT"))
            {
                throw new CheckFailedException($"The store does not let a page of {origin} PUT (preflight answered {(int)preflight.StatusCode}).", Advice($"AllowedOrigins {origin}, AllowedMethods PUT, GET and HEAD, AllowedHeaders *"));
            }

            using var put = await SendAsync(HttpMethod.Put, origin, ct);
            if (!Lists(put, "Access-Control-Allow-Origin", origin) || !Lists(put, "Access-Control-Expose-Headers", "ETag"))
            {
                throw new CheckFailedException($"The store does not show the ETag of a part to a page of {origin}; without it no browser can upload in parts.", Advice("ExposeHeaders ETag"));
            }
        }

        return $"Pages of {string.Join(", ", store.Options.UploadOrigins)} may PUT, and see the ETag.";
    }

    private static string Advice(string rule) =>
        $"Set a CORS rule on the bucket with {rule}: ./run.sh migrate does it if the access key has s3:PutBucketCORS and Storage__CorsOrigins names the dashboard's address. MinIO takes it from MINIO_API_CORS_ALLOW_ORIGIN.";

    /// <summary>An origin that a pattern lets in.</summary>
    private static string Concrete(string origin) => origin == "*" ? "https://doctor.example.com" : origin.Replace("*", "doctor", StringComparison.Ordinal).TrimEnd('/');

    private static bool Lists(HttpResponseMessage answer, string header, string value) =>
        answer.Headers.TryGetValues(header, out var lines)
        && lines.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries)).Any(item => item == "*" || item.Equals(value, StringComparison.OrdinalIgnoreCase));

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string? origin, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(method, store.PresignPut(Key, UrlLifetime));
        if (method == HttpMethod.Put)
        {
            request.Content = new ByteArrayContent(Content);
        }
        else
        {
            request.Headers.Add("Access-Control-Request-Method", "PUT");
            request.Headers.Add("Access-Control-Request-Headers", "content-type");
        }

        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        try
        {
            using var client = http.CreateClient();
            client.MaxResponseContentBufferSize = MaxAnswerBytes;
            return await client.SendAsync(request, ct);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            throw new CheckFailedException(
                $"{Authority} can't be reached from here: {(e is HttpRequestException ? e.Message : "it took too long")}",
                $"Presigned URLs carry this address. Set {PublicEndpointSetting} to the one at which browsers reach the store, and let this machine reach it too, or try it from a browser's network.");
        }
    }

    private CheckFailedException Refused(int status, string code) => new($"{Authority} answered a presigned PUT with {status} {code}.", code switch
    {
        "SignatureDoesNotMatch" => $"The signature covers the Host header. Have the proxy at {Authority} pass it on unchanged, path included, or correct {PublicEndpointSetting}.",
        "InvalidAccessKeyId" or "NoSuchBucket" => $"The public endpoint leads to another store than the internal one. Correct {PublicEndpointSetting}.",
        "RequestTimeTooSkewed" or "AccessDenied" or "ExpiredToken" => "The store does not take the URL: check the clocks of this machine and of the store, and that the access key has s3:PutObject.",
        _ => $"What answers at {Authority} is not the store, or does not let a PUT through. Correct {PublicEndpointSetting}, or the proxy's rules on methods and body size.",
    });

    /// <summary>The code in S3's error document; nothing when it is no such document.</summary>
    private static async Task<string> CodeOfAsync(HttpResponseMessage answer, CancellationToken ct) =>
        ErrorCode().Match(await answer.Content.ReadAsStringAsync(ct)) is { Success: true } match ? match.Groups["code"].Value : "";

    [GeneratedRegex("<Code>(?<code>[A-Za-z]{1,64})</Code>")]
    private static partial Regex ErrorCode();
}
