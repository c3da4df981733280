using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArtifactPlatform.Client;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Says of types what the generator can't see behind the contract's own JSON converters and annotations.</summary>
internal sealed class DescribeSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        var property = context.JsonPropertyInfo?.AttributeProvider as PropertyInfo;
        if (plain == typeof(DateTimeOffset) || plain.IsEnum)
        {
            schema.Type = JsonSchemaType.String | (type == plain || context.ParameterDescription is not null ? default : JsonSchemaType.Null);
        }

        if (plain == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.Object | (type == plain ? default : JsonSchemaType.Null);
            schema.AdditionalPropertiesAllowed = true;
        }

        // Request members are nullable in C# so that their absence is told from a default; null itself is refused.
        if (property?.GetCustomAttribute<RequiredAttribute>() is not null || property?.GetCustomAttribute<NeverNullAttribute>() is not null)
        {
            schema.Type &= ~JsonSchemaType.Null;
        }

        var allowed = context.ParameterDescription?.ModelMetadata?.ContainerType?.GetProperty(context.ParameterDescription.ModelMetadata.PropertyName ?? "")?.GetCustomAttribute<AllowedValuesAttribute>()
            ?? property?.GetCustomAttribute<AllowedValuesAttribute>();
        if (allowed is not null)
        {
            schema.Enum = [.. allowed.Values.OfType<string>().Select(v => (JsonNode)v)];
        }

        return Task.CompletedTask;
    }
}
