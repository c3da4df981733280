using System.Collections;
using ArtifactPlatform.NativeHosting.Data;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>Finds what is wrong with the settings that the host itself reads, before anything starts.</summary>
internal static class CheckSettings
{
    private static readonly string[] Ports = ["API_PORT", "WEB_PORT"];

    /// <summary>A line for the person who gave them; null when all is well.</summary>
    public static string? FindProblem(IDictionary environment)
    {
        foreach (var name in Ports)
        {
            if (environment[name] is string { Length: > 0 } text && !(int.TryParse(text, out var port) && port is > 0 and <= ushort.MaxValue))
            {
                return $"{name} is '{text}'; set it to a port between 1 and 65535";
            }
        }

        return environment["DEMO_API_KEY"] is string { Length: > 0 } key && !key.StartsWith(DemoCredentials.ApiKeyPrefix, StringComparison.Ordinal)
            ? $"DEMO_API_KEY must start with {DemoCredentials.ApiKeyPrefix}"
            : null;
    }
}
