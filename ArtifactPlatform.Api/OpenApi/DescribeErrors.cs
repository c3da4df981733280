using ArtifactPlatform.Client;
using ArtifactPlatform.Client.OAuth;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Marks the route whose errors have RFC 6749's form.</summary>
internal sealed class TokenErrors
{
    public static readonly TokenErrors Instance = new();

    private TokenErrors()
    {
    }
}

/// <summary>Adds the errors that no handler returns itself to the description of every route.</summary>
internal static class DescribeErrors
{
    public static RouteGroupBuilder DescribeCommonErrors(this RouteGroupBuilder api)
    {
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            foreach (var status in Statuses(endpoint.Metadata).ToList())
            {
                Add(endpoint.Metadata, status);
            }
        });
        return api;
    }

    /// <summary>For routes whose query string alone can be wrong.</summary>
    public static RouteHandlerBuilder ProducesBadRequest(this RouteHandlerBuilder route) => route.Produces<ErrorEnvelope>(StatusCodes.Status400BadRequest);

    /// <summary>For routes that use what has a quota.</summary>
    public static T ProducesQuotaExceeded<T>(this T routes) where T : IEndpointConventionBuilder =>
        routes.WithMetadata(new ProducesResponseTypeMetadata(StatusCodes.Status402PaymentRequired, typeof(ErrorEnvelope), ["application/json"]));

    /// <summary>Describes an error unless the route does so itself.</summary>
    public static void Add(IList<object> metadata, int status)
    {
        if (!metadata.OfType<IProducesResponseTypeMetadata>().Any(m => m.StatusCode == status))
        {
            metadata.Add(new ProducesResponseTypeMetadata(status, metadata.OfType<TokenErrors>().Any() ? typeof(TokenError) : typeof(ErrorEnvelope), ["application/json"]));
        }
    }

    private static IEnumerable<int> Statuses(IList<object> metadata)
    {
        if (metadata.OfType<IAcceptsMetadata>().Any())
        {
            yield return StatusCodes.Status400BadRequest;
            yield return StatusCodes.Status413PayloadTooLarge;
            yield return StatusCodes.Status415UnsupportedMediaType;
        }

        if (!metadata.OfType<IAllowAnonymous>().Any())
        {
            yield return StatusCodes.Status401Unauthorized;
            yield return StatusCodes.Status403Forbidden;
        }

        yield return StatusCodes.Status500InternalServerError;
        yield return StatusCodes.Status503ServiceUnavailable;
    }
}
