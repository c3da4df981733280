using System.Globalization;
using System.Text.Json.Nodes;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.ApiKeys;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Completes each route's description: who may call it, what its answers mean, and an example of each.</summary>
internal sealed class DescribeOperations : IOpenApiOperationTransformer
{
    public const string SecurityScheme = "bearer";

    private const string Json = "application/json";

    private static readonly Dictionary<string, string> PathParameters = new()
    {
        ["artifactId"] = "The artifact's id: 24 hex digits.",
        ["apiKeyId"] = "The API key's id: `key_…`.",
        ["uploadId"] = "The session's id: `up_…`.",
        ["videoId"] = "The video's id: `vid_…`.",
        ["playbackId"] = "The playback id: `play_…`.",
        ["captionId"] = "The captions' id: `cap_…`.",
        ["file"] = "A track of the package, as the manifest names it.",
        ["userId"] = "The person's id: 24 hex digits.",
        ["invitationId"] = "The invitation's id: `inv_…`.",
        ["sessionId"] = "The session's id: `sess_…`.",
        ["dockId"] = "The dock's id: `dock_…`.",
        ["clientId"] = "The machine client's id: `client_…`.",
        ["dockArtifactId"] = "The artifact's id: `art_…`.",
        ["dockUploadId"] = "The artifact's `uploadId`: `upload_…`.",
        ["endpointId"] = "The webhook endpoint's id: `we_…`.",
        ["keyId"] = "The playback key's id: `pk_…`.",
    };

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        Secure(operation, context);
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>().Where(p => p.In == ParameterLocation.Path) ?? [])
        {
            parameter.Description ??= PathParameters.GetValueOrDefault(parameter.Name ?? "");
        }

        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var takesKey = LimitDescriptions.TakesIdempotencyKey(metadata);
        if (takesKey)
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(LimitDescriptions.IdempotencyKey());
        }

        var example = Examples.ByOperation.GetValueOrDefault(operation.OperationId ?? "", Examples.None);
        if (operation.RequestBody?.Content is { } bodies && bodies.TryGetValue(Json, out var body))
        {
            body.Examples = Named(example.Requests);
        }

        if (operation.OperationId is "createArtifact" or "createArtifactAlias")
        {
            await DescribeTwoAnswersAsync(operation, context, cancellationToken);
        }

        foreach (var (status, response) in operation.Responses ?? [])
        {
            Describe(status, (OpenApiResponse)response, example);
            LimitDescriptions.AddHeaders((OpenApiResponse)response, status, metadata.OfType<RateLimited>().Any(), takesKey);
        }
    }

    private static void Secure(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<IAllowAnonymous>().Any())
        {
            return;
        }

        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SecurityScheme, context.Document)] = [] }];
        var policies = metadata.OfType<IAuthorizeData>().Select(a => a.Policy).OfType<string>().Distinct().ToList();
        var needs = policies switch
        {
            [Auth.Policies.Session] => "Needs a dashboard session.",
            [Auth.Policies.SeeDocks] => $"Needs the scope `{Scopes.ArtifactsRead}` or `{Scopes.Admin}`.",
            [Auth.Policies.SeeEvents] => $"Needs the scope `{Scopes.ArtifactsRead}` or `{Scopes.VideosRead}`.",
            [Auth.Policies.MachineRead] => $"Needs an access token of this dock with the scope `{Scopes.ArtifactsRead}`.",
            [Auth.Policies.MachineWrite] => $"Needs an access token of this dock with the scope `{Scopes.ArtifactsWrite}`.",
            _ => $"Needs the scope `{string.Join("`, `", policies)}`.",
        };
        operation.Description = $"{operation.Description}\n\n{needs}";
    }

    /// <summary>The generator keeps one type for a status.</summary>
    private static async Task DescribeTwoAnswersAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken ct)
    {
        if (operation.Responses?.GetValueOrDefault("200") is OpenApiResponse { Content: { } content } && context.Document is { } document)
        {
            document.AddComponent(nameof(PresignedUpload), await context.GetOrCreateSchemaAsync(typeof(PresignedUpload), cancellationToken: ct));
            content[Json] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema
                {
                    OneOf = [new OpenApiSchemaReference(nameof(PresignedUpload), document), new OpenApiSchemaReference(nameof(ArtifactObject), document)],
                },
            };
        }
    }

    private static void Describe(string status, OpenApiResponse response, Example example)
    {
        var code = int.Parse(status, CultureInfo.InvariantCulture);
        response.Description = Meaning(code);
        response.Headers = new Dictionary<string, IOpenApiHeader> { ["X-Request-Id"] = Header("Names this request in logs and traces.") };
        switch (code)
        {
            case 302:
                response.Headers["Location"] = Header("The presigned URL.");
                break;
            case 401:
                response.Headers["WWW-Authenticate"] = Header("`Bearer`.");
                break;
            case 429:
            case 503:
                response.Headers["Retry-After"] = Header("Seconds to wait before another try.");
                break;
        }

        foreach (var media in response.Content?.Values ?? [])
        {
            media.Examples = code < 400 ? Named(example.Responses) : Named(new Dictionary<string, JsonNode?> { ["error"] = example.Errors.GetValueOrDefault(code) ?? Examples.Errors[code] });
        }
    }

    public static OpenApiHeader Header(string description) => new() { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };

    private static Dictionary<string, IOpenApiExample>? Named(IReadOnlyDictionary<string, JsonNode?> examples) =>
        examples.Count == 0 ? null : examples.ToDictionary(e => e.Key, IOpenApiExample (e) => new OpenApiExample { Value = e.Value?.DeepClone() });

    private static string Meaning(int status) => status switch
    {
        200 => "Done.",
        201 => "Made.",
        204 => "Done; there is nothing to say.",
        302 => "The file is at the address in `Location`.",
        400 => "The request is malformed; `param` names the field.",
        401 => "The token is missing, malformed, unknown, revoked or expired.",
        402 => "The company's quota does not allow it.",
        403 => "The token lacks the scope, or is for another dock.",
        404 => "There is no such thing, or it belongs to another company.",
        409 => "The state does not allow it, or the idempotency key belongs to another request or to one that is under way.",
        413 => "The body is larger than 1 MiB.",
        415 => "The body is not JSON.",
        429 => "Too many requests at once.",
        500 => "A fault of the platform.",
        503 => "A dependency is down; nothing was changed.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Say what this status means."),
    };
}
