using ArtifactPlatform.Client.OAuth;
using Microsoft.OpenApi;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The token route reads its body itself, as a form or as JSON, so the generator knows of none.</summary>
internal static class DescribeTokenRequestExtensions
{
    public static RouteHandlerBuilder DescribeTokenRequest(this RouteHandlerBuilder route) => route.AddOpenApiOperationTransformer(async (operation, context, ct) =>
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(TokenRequest), cancellationToken: ct);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { ["application/x-www-form-urlencoded"] = Body(schema), ["application/json"] = Body(schema) },
        };
    });

    private static OpenApiMediaType Body(IOpenApiSchema schema) => new()
    {
        Schema = schema,
        Examples = new Dictionary<string, IOpenApiExample> { ["client"] = new OpenApiExample { Value = Examples.Node(DockSamples.TokenRequest) } },
    };
}
