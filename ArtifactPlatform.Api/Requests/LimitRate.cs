using System.Globalization;
using System.Net;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Requests;

/// <summary>
/// Lets each caller make so many requests and answers 429 to the rest. It covers <c>/api/v1</c>: health must always answer, and players
/// of a whole office share one address, while a view costs one indexed read and has a quota.
/// </summary>
internal sealed class LimitRate(RequestDelegate next, TokenBuckets buckets, IOptions<RateLimits> options)
{
    public const string LimitHeader = "RateLimit-Limit";
    public const string RemainingHeader = "RateLimit-Remaining";
    public const string ResetHeader = "RateLimit-Reset";

    private readonly RateLimits limits = options.Value;

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!context.Request.Path.StartsWithSegments("/api/v1", StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }

        var (name, size) = BucketOf(context);
        var answer = await buckets.TakeAsync(name, size);
        // Not at once: an error that is written later begins with a clean slate.
        context.Response.OnStarting(() =>
        {
            Write(context.Response.Headers, size, answer.Tokens);
            return Task.CompletedTask;
        });
        await (answer.Granted ? next(context) : Error.RateLimited(TimeSpan.FromSeconds((1 - answer.Tokens) / size.PerSecond)).WriteAsync(context));
    }

    private (string Name, BucketSize Size) BucketOf(HttpContext context) => context.Features.Get<Caller>() is { } caller
        ? (caller.CredentialId, new BucketSize(limits.RequestsPerSecond, limits.Burst))
        : (AddressOf(context.Connection.RemoteIpAddress), new BucketSize(limits.AnonymousRequestsPerSecond, limits.AnonymousBurst));

    /// <summary>Of IPv6 the network: one customer has 2^64 addresses.</summary>
    private static string AddressOf(IPAddress? address)
    {
        if (address is null || address.IsIPv4MappedToIPv6 || address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return $"ip:{address?.MapToIPv4()}";
        }

        return $"ip:{Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, 8))}";
    }

    /// <summary>The names and meaning of draft-ietf-httpapi-ratelimit-headers-06: reset is seconds until the bucket is full.</summary>
    private static void Write(IHeaderDictionary headers, BucketSize size, double tokens)
    {
        headers[LimitHeader] = size.Burst.ToString(CultureInfo.InvariantCulture);
        headers[RemainingHeader] = ((long)tokens).ToString(CultureInfo.InvariantCulture);
        headers[ResetHeader] = ((long)Math.Ceiling((size.Burst - tokens) / size.PerSecond)).ToString(CultureInfo.InvariantCulture);
    }
}
