using System.Text.Json.Nodes;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.OpenApi;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The health checks' routes, which the framework maps without describing them.</summary>
internal static class DescribeHealth
{
    public const string Tag = "Health";

    public static void AddTo(OpenApiDocument document)
    {
        document.Paths["/alive"] = Path(document, new OpenApiOperation
        {
            OperationId = "getAlive",
            Summary = "Whether the process answers",
            Description = "Says nothing about what the process depends on: for whoever restarts what hangs.",
            Responses = new() { ["200"] = Answer("The process answers.", HealthStatus.Healthy, "self") },
        });
        document.Paths["/health"] = Path(document, new OpenApiOperation
        {
            OperationId = "getHealth",
            Summary = "Whether the process and all that it depends on answer",
            Description = "Names each dependency with its state: for load balancers and monitoring.",
            Responses = new()
            {
                ["200"] = Answer("All is well.", HealthStatus.Healthy, "self", "postgres", "redis", "objectstore"),
                ["503"] = Answer("Something does not answer; `checks` says what.", HealthStatus.Unhealthy, "self", "postgres", "redis", "objectstore"),
            },
        });
    }

    private static OpenApiPathItem Path(OpenApiDocument document, OpenApiOperation operation)
    {
        operation.Tags = new HashSet<OpenApiTagReference> { new(Tag, document) };
        return new() { Operations = new() { [HttpMethod.Get] = operation } };
    }

    /// <param name="last">State of the whole, and of the last of <paramref name="checks"/> in the example.</param>
    private static OpenApiResponse Answer(string meaning, HealthStatus last, params string[] checks)
    {
        var states = new JsonObject(checks.Select(check => KeyValuePair.Create(check, (JsonNode?)(check == checks[^1] ? last : HealthStatus.Healthy).ToString())));
        return new()
        {
            Description = meaning,
            Headers = new Dictionary<string, IOpenApiHeader> { ["X-Request-Id"] = DescribeOperations.Header("Names this request in logs and traces.") },
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/json"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Required = new HashSet<string> { "status", "checks" },
                        Properties = new Dictionary<string, IOpenApiSchema>
                        {
                            ["status"] = State("The worst of all checks."),
                            ["checks"] = new OpenApiSchema { Type = JsonSchemaType.Object, Description = "Each check's state by its name.", AdditionalProperties = State(null) },
                        },
                    },
                    Examples = new Dictionary<string, IOpenApiExample> { ["answer"] = new OpenApiExample { Value = new JsonObject { ["status"] = last.ToString(), ["checks"] = states } } },
                },
            },
        };
    }

    private static OpenApiSchema State(string? description) => new()
    {
        Type = JsonSchemaType.String,
        Description = description,
        Enum = [.. Enum.GetNames<HealthStatus>().Select(name => (JsonNode)name)],
    };
}
