namespace ArtifactPlatform.NativeHosting.Testing;

/// <summary>An empty data folder that goes away with its test.</summary>
internal sealed class TestDataFolder
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"ap-test-{Guid.NewGuid():N}"[..20]);

    /// <summary>Own folder and own ports, unless the test's command line says otherwise.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings(string[] args) =>
        new Dictionary<string, string?> { ["DATA_DIR"] = _path, ["API_PORT"] = "0", ["WEB_PORT"] = "0" }
            .Where(setting => !args.Any(arg => arg.StartsWith($"--{setting.Key}=", StringComparison.OrdinalIgnoreCase)));

    public void Delete()
    {
        if (Directory.Exists(_path))
        {
            Directory.Delete(_path, recursive: true);
        }
    }
}
