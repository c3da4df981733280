using ArtifactPlatform.Api.Requests;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.OpenApi;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Marks routes whose requests are counted.</summary>
internal sealed class RateLimited
{
    public static readonly RateLimited Instance = new();

    private RateLimited()
    {
    }
}

/// <summary>Describes what holds for every route: rate limits, and idempotency keys for every POST.</summary>
internal static class LimitDescriptions
{
    public static RouteGroupBuilder DescribeLimits(this RouteGroupBuilder api)
    {
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            endpoint.Metadata.Add(RateLimited.Instance);
            DescribeErrors.Add(endpoint.Metadata, StatusCodes.Status429TooManyRequests);
            if (TakesIdempotencyKey(endpoint.Metadata))
            {
                DescribeErrors.Add(endpoint.Metadata, StatusCodes.Status400BadRequest);
                DescribeErrors.Add(endpoint.Metadata, StatusCodes.Status409Conflict);
            }
        });
        return api;
    }

    public static bool TakesIdempotencyKey(IEnumerable<object> metadata) =>
        metadata.OfType<IHttpMethodMetadata>().Any(m => m.HttpMethods.Contains(HttpMethods.Post));

    public static void AddHeaders(OpenApiResponse response, string status, bool isLimited, bool takesIdempotencyKey)
    {
        response.Headers ??= new Dictionary<string, IOpenApiHeader>();
        if (isLimited)
        {
            response.Headers[LimitRate.LimitHeader] = DescribeOperations.Header("Requests that can be made at once after a pause.");
            response.Headers[LimitRate.RemainingHeader] = DescribeOperations.Header("Requests that can be made at once now.");
            response.Headers[LimitRate.ResetHeader] = DescribeOperations.Header("Seconds until as many as `RateLimit-Limit` can be made again.");
        }

        if (takesIdempotencyKey && status == "409")
        {
            response.Headers["Retry-After"] = DescribeOperations.Header("Seconds to wait, while the first request with the idempotency key is under way.");
        }

        if (takesIdempotencyKey && (status is "200" or "201" or "204" or "400" or "404"))
        {
            response.Headers[StoredAnswer.ReplayedHeader] = DescribeOperations.Header("`true` on the answer of an earlier request with the same idempotency key.");
        }
    }

    public static OpenApiParameter IdempotencyKey() => new()
    {
        Name = Idempotency.Header,
        In = ParameterLocation.Header,
        Description = "Choose one per thing to do, 1-255 characters. Sent again with the same key within 24 hours, the request changes nothing and gets the first answer, with `Idempotent-Replayed: true`; an answer that holds a token, as long as the token lasts.",
        Schema = new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = Idempotency.MaxKeyLength },
    };
}
