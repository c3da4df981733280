using Amazon.Runtime;
using Amazon.S3;
using ArtifactPlatform.Core.Network;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Core.Storage;

/// <summary>A customer's S3 access, opened.</summary>
public sealed record S3Access(string AccessKeyId, string SecretAccessKey, string? SessionToken, string Region, Uri? Endpoint);

/// <summary>Makes S3 clients that work with AWS, Ceph, MinIO and the like alike.</summary>
internal static class S3Clients
{
    /// <summary>For calls that carry no body: metadata, lists, and the first byte of a read.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    private const int MaxRetries = 3;

    /// <summary>Whether <paramref name="exception"/> says that the platform's store is down, or refuses the platform's own credentials.</summary>
    public static bool IsOutage(Exception exception) => exception is AmazonServiceException or AmazonClientException;

    /// <summary>The platform's own store, by the endpoint that this process reaches or the one that browsers reach.</summary>
    public static AmazonS3Client ForPlatform(StorageOptions options, Uri endpoint) =>
        new(new BasicAWSCredentials(options.Address.AccessKey, options.Address.SecretKey), Config(endpoint, options.Region));

    /// <summary>A customer's store. Connections go through <paramref name="guard"/>, for the customer chose the address.</summary>
    public static AmazonS3Client ForCustomer(S3Access access, AddressGuard guard)
    {
        AWSCredentials credentials = access.SessionToken is { Length: > 0 } token
            ? new SessionAWSCredentials(access.AccessKeyId, access.SecretAccessKey, token)
            : new BasicAWSCredentials(access.AccessKeyId, access.SecretAccessKey);
        var config = Config(access.Endpoint, access.Region);
        config.HttpClientFactory = new GuardedFactory(guard);
        return new AmazonS3Client(credentials, config);
    }

    private static AmazonS3Config Config(Uri? endpoint, string region)
    {
        var config = new AmazonS3Config
        {
            // Checksum trailers are an AWS extension that other stores refuse.
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            AuthenticationRegion = region,
            Timeout = Timeout,
            MaxErrorRetry = MaxRetries,
        };
        if (endpoint is null)
        {
            config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        }
        else
        {
            config.ServiceURL = endpoint.AbsoluteUri;
            config.ForcePathStyle = true;
            config.UseHttp = endpoint.Scheme == Uri.UriSchemeHttp;
        }

        return config;
    }

    private sealed class GuardedFactory(AddressGuard guard) : HttpClientFactory
    {
        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(guard.CreateHandler()) { Timeout = Timeout };

        /// <summary>The client belongs to one S3 client, which disposes of it.</summary>
        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        public override bool DisposeHttpClientsAfterUse(IClientConfig clientConfig) => false;
    }
}
