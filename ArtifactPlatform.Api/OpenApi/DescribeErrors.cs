using ArtifactPlatform.Client;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Adds the errors that no handler returns itself to the description of every route.</summary>
internal static class DescribeErrors
{
    public static RouteGroupBuilder DescribeCommonErrors(this RouteGroupBuilder api)
    {
        ((IEndpointConventionBuilder)api).Finally(endpoint =>
        {
            foreach (var status in Statuses(endpoint.Metadata).Where(s => !IsDescribed(endpoint.Metadata, s)))
            {
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ErrorEnvelope), ["application/json"]));
            }
        });
        return api;
    }

    /// <summary>For routes whose query string alone can be wrong.</summary>
    public static RouteHandlerBuilder ProducesBadRequest(this RouteHandlerBuilder route) => route.Produces<ErrorEnvelope>(StatusCodes.Status400BadRequest);

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

    private static bool IsDescribed(IList<object> metadata, int status) => metadata.OfType<IProducesResponseTypeMetadata>().Any(m => m.StatusCode == status);
}
