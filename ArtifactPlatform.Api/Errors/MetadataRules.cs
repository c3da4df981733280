using System.Text;
using System.Text.Json;
using ArtifactPlatform.Api.Requests;

namespace ArtifactPlatform.Api.Errors;

/// <summary>What a caller may keep with an artifact: a JSON object that Postgres can hold as it is.</summary>
internal static class MetadataRules
{
    private const int MaxBytes = 16 << 10;

    /// <returns>The object's text, null without one; or what is wrong with it.</returns>
    public static (string? Json, BadRequestError? Error) Check(JsonElement? metadata)
    {
        if (metadata is not { ValueKind: not JsonValueKind.Null } value)
        {
            return (null, null);
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            return (null, Error.InvalidMetadata("metadata must be a JSON object."));
        }

        var json = value.GetRawText();
        if (Encoding.UTF8.GetByteCount(json) > MaxBytes)
        {
            return (null, Error.InvalidMetadata("metadata must not be larger than 16 KiB."));
        }

        return CanBeStored(value)
            ? (json, null)
            : (null, Error.InvalidMetadata("metadata must not hold NUL characters, broken surrogate pairs or numbers beyond the range of a 64-bit float."));
    }

    private static bool CanBeStored(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().All(p => IsText(() => p.Name) && CanBeStored(p.Value)),
        JsonValueKind.Array => value.EnumerateArray().All(CanBeStored),
        JsonValueKind.String => IsText(() => value.GetString()),
        // jsonb writes numbers out in full: 1e100000 would take 100 KB.
        JsonValueKind.Number => double.IsFinite(value.GetDouble()) && (value.GetDouble() != 0 || !value.GetRawText().Contains('e', StringComparison.OrdinalIgnoreCase)),
        _ => true,
    };

    private static bool IsText(Func<string?> read)
    {
        try
        {
            return StorableText.Fits(read() ?? "");
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, which is no text.
            return false;
        }
    }
}
