using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.S3;
using Amazon.S3.Model;

namespace ArtifactPlatform.Core.Storage;

/// <summary>
/// Has the store push a message for each object that lands under <see cref="ObjectKeys.IncomingRoot"/>. Ceph makes the topic through
/// SNS's CreateTopic on its own port; stores without it refuse, and the sweep does the noticing.
/// </summary>
public sealed class BucketNotifications(ObjectStore store, IHttpClientFactory http, TimeProvider clock)
{
    private const string Topic = "artifact-platform-uploads";

    public async Task EnsureAsync(CancellationToken ct)
    {
        var options = store.Options;
        if (options.EventsUrl is not { } url || options.EventsToken is not { } token)
        {
            return;
        }

        var push = $"{url}?token={Uri.EscapeDataString(token)}";
        await CreateTopicAsync(push, ct);
        await store.Client.PutBucketNotificationAsync(
            new PutBucketNotificationRequest
            {
                BucketName = store.Bucket,
                TopicConfigurations =
                [
                    new TopicConfiguration
                    {
                        Id = Topic,
                        Topic = $"arn:aws:sns:default::{Topic}",
                        Events = [EventType.ObjectCreatedAll],
                        Filter = new Filter { S3KeyFilter = new S3KeyFilter { FilterRules = [new FilterRule("prefix", ObjectKeys.IncomingRoot)] } },
                    },
                ],
            },
            ct);
    }

    /// <summary>One signed form POST (AWS Signature Version 4): the SNS client is not among the packages that can be had.</summary>
    private async Task CreateTopicAsync(string pushEndpoint, CancellationToken ct)
    {
        var body = $"Action=CreateTopic&Name={Topic}&push-endpoint={Uri.EscapeDataString(pushEndpoint)}&Attributes.entry.1.key=push-endpoint&Attributes.entry.1.value={Uri.EscapeDataString(pushEndpoint)}";
        using var request = new HttpRequestMessage(HttpMethod.Post, store.Options.Address.Endpoint)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        Sign(request, body, store.Options.Address, store.Options.Region, clock.GetUtcNow());
        using var client = http.CreateClient();
        using var response = await client.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
    }

    private static void Sign(HttpRequestMessage request, string body, StoreAddress address, string region, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var day = time[..8];
        var bodyHash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        var host = address.Endpoint.Authority;
        var canonical = $"POST\n/\n\nhost:{host}\nx-amz-content-sha256:{bodyHash}\nx-amz-date:{time}\n\nhost;x-amz-content-sha256;x-amz-date\n{bodyHash}";
        var scope = $"{day}/{region}/s3/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { day, region, "s3", "aws4_request" }.Aggregate(Encoding.UTF8.GetBytes("AWS4" + address.SecretKey), Mac);
        request.Headers.Host = host;
        request.Headers.Add("x-amz-content-sha256", bodyHash);
        request.Headers.Add("x-amz-date", time);
        request.Headers.TryAddWithoutValidation(
            "Authorization",
            $"AWS4-HMAC-SHA256 Credential={address.AccessKey}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={Hex(Mac(key, toSign))}");

        static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

        static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
    }
}
