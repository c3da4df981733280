using System.Text.Json;

namespace ArtifactPlatform.NativeHosting.Data;

/// <summary>Values that are generated once and kept, in <c>secrets.json</c>, readable by its owner only.</summary>
internal sealed class SecretFile(string path)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };
    private readonly Lock _gate = new();
    private Dictionary<string, string>? _values;

    public string GetOrAdd(string name, Func<string> generate)
    {
        lock (_gate)
        {
            _values ??= Read();
            if (!_values.TryGetValue(name, out var value))
            {
                value = _values[name] = generate();
                DataFolder.WritePrivate(path, JsonSerializer.Serialize(_values, Indented));
            }

            return value;
        }
    }

    private Dictionary<string, string> Read()
    {
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? []
                : [];
        }
        catch (JsonException e)
        {
            // Never replaced by new ones: the data was written with these.
            throw new CannotStartException($"{path} is not valid JSON ({e.Message}); restore it, or start with an empty DATA_DIR", e);
        }
    }
}
