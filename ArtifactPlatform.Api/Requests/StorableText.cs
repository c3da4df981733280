using System.Text.Json;
using System.Text.Json.Serialization;

namespace ArtifactPlatform.Api.Requests;

/// <summary>
/// Postgres holds any text but the NUL character, and refuses even to compare with it (22021). Halves of surrogate pairs do not get
/// here: neither JSON nor a URL is decoded into one.
/// </summary>
internal static class StorableText
{
    public static bool Fits(string text) => !text.Contains('\0', StringComparison.Ordinal);
}

/// <summary>Reads the strings of a JSON body, and refuses those that can't be stored, wherever in it they stand.</summary>
internal sealed class StorableTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        return text is null || StorableText.Fits(text) ? text : throw new UnstorableTextException();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>The serializer adds where in the body it is.</summary>
internal sealed class UnstorableTextException() : JsonException("The text holds a NUL character.");
