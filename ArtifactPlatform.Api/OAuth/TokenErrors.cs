using System.Reflection;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.OAuth;
using Microsoft.AspNetCore.Http.Metadata;

namespace ArtifactPlatform.Api.OAuth;

/// <summary>A token request that can't be granted, in RFC 6749's own form.</summary>
/// <param name="error">From RFC 6749, 5.2.</param>
public sealed class TokenRefused(string error, string description) : IResult, IEndpointMetadataProvider
{
    public TokenError Body { get; } = new(error, description);

    public static TokenRefused Request(string description) => new("invalid_request", description);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(TokenError), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext) => Body.WriteAsync(httpContext, StatusCodes.Status400BadRequest);
}

/// <summary>The client is not known, or its secret is wrong: which of the two, nobody is told.</summary>
/// <param name="isBasic">Id and secret came in the Authorization header.</param>
public sealed class TokenClientRefused(bool isBasic) : IResult, IEndpointMetadataProvider
{
    public static TokenError Body { get; } = new("invalid_client", "The client is not known, was deleted, or its secret is wrong.");

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status401Unauthorized, typeof(TokenError), ["application/json"]));

    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (isBasic)
        {
            httpContext.Response.Headers.WWWAuthenticate = "Basic realm=\"oauth\"";
        }

        return Body.WriteAsync(httpContext, StatusCodes.Status401Unauthorized);
    }
}

internal static class TokenErrorResponse
{
    public static async Task WriteAsync(this TokenError error, HttpContext context, int status)
    {
        // For the request's line in the log.
        context.Features.Set(new Failure(status, ErrorTypes.Authentication, error.Error, error.ErrorDescription));
        context.Response.StatusCode = status;
        await context.Response.WriteAsJsonAsync(error, context.RequestAborted);
    }
}
