using System.Reflection;
using ArtifactPlatform.Client;
using Microsoft.AspNetCore.Http.Metadata;

namespace ArtifactPlatform.Api.Errors;

/// <summary>A handler's error outcome. One type a status, so that a handler's signature, and with it the OpenAPI document, says which can come.</summary>
public abstract class ErrorResult(Failure failure) : IResult
{
    public Failure Failure { get; } = failure;

    public Task ExecuteAsync(HttpContext httpContext) => Failure.WriteAsync(httpContext);

    protected static void Describe(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(ErrorEnvelope), ["application/json"]));
}

public sealed class BadRequestError(Failure failure) : ErrorResult(failure), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status400BadRequest);
}

public sealed class UnauthorizedError(Failure failure) : ErrorResult(failure), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status401Unauthorized);
}

public sealed class NotFoundError(Failure failure) : ErrorResult(failure), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status404NotFound);
}

public sealed class ConflictError(Failure failure) : ErrorResult(failure), IEndpointMetadataProvider
{
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => Describe(builder, StatusCodes.Status409Conflict);
}

/// <summary>An error of a route that answers plain results; what can come stands in the route's description.</summary>
public sealed class FailureResult(Failure failure) : ErrorResult(failure);
