using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Errors;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Requests;

/// <summary>Settings <c>Api:*</c>, and the limits that are part of the contract.</summary>
public sealed record RequestLimits
{
    /// <summary>The contract's limit; the largest honest body, 1,000 fragments with URLs of usual length, stays below it.</summary>
    public const long MaxBodyBytes = 1 << 20;

    /// <summary>How long a request may take before it is answered with 503: a dependency that is frozen rather than dead never answers. Event streams have no such limit.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

internal static class RequestLimitsSetup
{
    public static void AddRequestLimits(this IServiceCollection services)
    {
        services.AddOptions<RequestLimits>().BindConfiguration("Api").ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<RateLimits>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TokenBuckets>();
        services.AddSingleton<IdempotencyKeys>();
        services.AddRequestTimeouts();
        services.AddOptions<RequestTimeoutOptions>().Configure<IOptions<RequestLimits>>((timeouts, limits) => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = limits.Value.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => Error.DependencyUnavailable().WriteAsync(context),
        });
    }
}
