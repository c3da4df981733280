using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ArtifactPlatform.ServiceDefaults;

/// <summary>Retries for an HTTP client that calls another service of the platform.</summary>
public static class ReadRetries
{
    /// <summary>Bridges a service's restart behind a load balancer, and fails within a second where there is none.</summary>
    private const int MaxRetries = 2;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Sends GET and HEAD again when no answer came. It retries no answer, whatever its status, and no request that changes something; it sets no time limit, which would cut off event streams.</summary>
    public static IHttpClientBuilder AddReadRetries(this IHttpClientBuilder client)
    {
        var retry = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = MaxRetries,
            Delay = FirstDelay,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is HttpRequestException),
        };
        retry.DisableForUnsafeHttpMethods();
        client.AddResilienceHandler("read-retries", pipeline => pipeline.AddRetry(retry));
        return client;
    }
}
