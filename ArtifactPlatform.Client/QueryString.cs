using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ArtifactPlatform.Client;

/// <summary>Builds a query string; members that are null are left out.</summary>
internal sealed class QueryString
{
    private readonly StringBuilder text = new();

    public QueryString Add(string name, string? value)
    {
        if (value is not null)
        {
            text.Append(text.Length == 0 ? '?' : '&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        }

        return this;
    }

    public QueryString Add(string name, int? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    public QueryString Add(string name, DateTimeOffset? value) => Add(name, value?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    public QueryString Add<T>(string name, T? value) where T : struct, Enum =>
        Add(name, value is { } word ? JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString()) : null);

    public override string ToString() => text.ToString();
}
