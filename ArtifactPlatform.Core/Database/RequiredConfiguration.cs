using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.Core.Database;

/// <summary>Reads settings without which a process can't work.</summary>
public static class RequiredConfiguration
{
    /// <exception cref="InvalidOperationException">It is missing; the message names it.</exception>
    public static string RequiredConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value
            ? value
            : throw new InvalidOperationException($"ConnectionStrings:{name} is not set (environment: ConnectionStrings__{name}).");
}
