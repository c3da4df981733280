namespace ArtifactPlatform.NativeHosting.Data;

/// <summary>The demo company's key and password: shown at the start and kept beside the data, for its owner only.</summary>
internal sealed record DemoCredentials(string ApiKey, string Password)
{
    private const string User = "demo@example.com";

    public const string ApiKeyPrefix = "ak_live_";

    public string Lines => $"demo user      {User}\ndemo password  {Password}\ndemo API key   {ApiKey}\n";

    /// <summary>Found in the environment of whichever one-shot resource is given them; null if none is.</summary>
    public static async Task<DemoCredentials?> FindAsync(IEnumerable<Resource> resources, CancellationToken ct)
    {
        foreach (var variables in resources.Select(resource => resource.Environment))
        {
            var values = variables.ToLookup(variable => variable.Key, variable => variable.Value);
            if (values["Demo__ApiKey"].FirstOrDefault() is { } key && values["Demo__Password"].FirstOrDefault() is { } password)
            {
                return new DemoCredentials(await key.GetValueAsync(ct) ?? "", await password.GetValueAsync(ct) ?? "");
            }
        }

        return null;
    }

    public void Write(string path) => DataFolder.WritePrivate(path, Lines);
}
