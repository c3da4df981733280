using System.Collections;
using System.Runtime.InteropServices;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>The environment of a service: what this process inherited, then what the graph says.</summary>
internal static class ProjectEnvironment
{
    /// <summary>Changes to the inherited environment; null takes a variable away.</summary>
    public static async Task<Dictionary<string, string?>> ChangesAsync(
        ProjectResource project, IReadOnlyDictionary<string, string?> serviceEnvironment, IDictionary inherited, CancellationToken ct)
    {
        var changes = new Dictionary<string, string?>
        {
            // The demo's secrets are for the one resource that the graph hands them to.
            ["DEMO_API_KEY"] = null,
            ["DEMO_PASSWORD"] = null,
            ["OTEL_SERVICE_NAME"] = project.Name,
            ["ASPNETCORE_URLS"] = project.Endpoints.Count == 0
                ? "http://127.0.0.1:0"
                : string.Join(';', project.Endpoints.Select(endpoint => new EndpointReference(project, endpoint.Name).Url)),
        };
        if (!inherited.Contains("DOTNET_ROOT"))
        {
            // The runtime need not lie where an executable would look for it: it is the one that runs this.
            changes["DOTNET_ROOT"] = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        }

        foreach (var (name, value) in project.Environment)
        {
            changes[name] = await value.GetValueAsync(ct);
        }

        foreach (var (name, value) in serviceEnvironment)
        {
            changes[name] = value;
        }

        return changes;
    }
}
