using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ArtifactPlatform.Api.Requests;

/// <summary>
/// Postgres holds any text but the NUL character, and refuses even to compare with it (22021). Halves of surrogate pairs do not get
/// here: neither JSON nor a URL is decoded into one, and <see cref="Cut"/> makes none.
/// </summary>
internal static class StorableText
{
    public static bool Fits(string text) => !text.Contains('\0', StringComparison.Ordinal);

    /// <summary>The beginning of a text, without half of a surrogate pair at its end.</summary>
    public static string Cut(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];

    /// <summary>
    /// Has the JSON of requests checked while it is read: each member that is text or a list of it. A converter of strings would do the
    /// same, and hide from the OpenAPI document what they are.
    /// </summary>
    public static void CheckMembers(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (property.Set is { } set && (property.PropertyType == typeof(string) || property.PropertyType.IsAssignableTo(typeof(IEnumerable<string>))))
            {
                property.Set = (owner, value) =>
                {
                    Check(value);
                    set(owner, value);
                };
            }
        }
    }

    private static void Check(object? value)
    {
        if (value is string text && !Fits(text))
        {
            throw new UnstorableTextException(index: null);
        }

        if (value is IEnumerable<string?> texts && texts.ToList().FindIndex(t => t is not null && !Fits(t)) is >= 0 and var index)
        {
            throw new UnstorableTextException(index);
        }
    }
}

/// <summary>The serializer adds which member it is.</summary>
/// <param name="index">Place in the list; null when the member is no list.</param>
internal sealed class UnstorableTextException(int? index) : JsonException("The text holds a NUL character.")
{
    public int? Index { get; } = index;
}
