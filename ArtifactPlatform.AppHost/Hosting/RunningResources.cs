using System.Collections.Concurrent;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>The last that was heard of each instance of each resource that has a process; replicas are instances of one resource.</summary>
internal sealed class RunningResources(DistributedApplicationModel model)
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _last = [];

    /// <summary>Everything that runs; the rest of the model has no process, or only when a person starts it.</summary>
    public IEnumerable<IResource> All => model.Resources.Where(resource =>
        resource is (ExecutableResource or ProjectResource or ContainerResource) && !resource.Annotations.OfType<ExplicitStartupAnnotation>().Any());

    /// <returns>The state before.</returns>
    public string? Heard(ResourceEvent change)
    {
        var before = _last.GetValueOrDefault(change.ResourceId)?.Snapshot.State?.Text;
        _last[change.ResourceId] = change;
        return before;
    }

    public IReadOnlyList<ResourceEvent> InstancesOf(string name) => [.. _last.Values.Where(change => change.Resource.Name == name)];

    /// <summary>What the graph gives to a resource, and the settings that it has from the person who started the host.</summary>
    public IReadOnlyDictionary<string, string?> EnvironmentOf(string name) => InstancesOf(name).Take(1)
        .SelectMany(instance => instance.Snapshot.EnvironmentVariables).Where(variable => variable.IsFromSpec || variable.Name.Contains("__", StringComparison.Ordinal)).ToDictionary(variable => variable.Name, variable => variable.Value);

    public string UrlOf(string name) => ((IResourceWithEndpoints)model.Resources.First(resource => resource.Name == name)).GetEndpoint("http").Url;

    public bool IsHealthy(IResource resource) => InstancesOf(resource.Name) is var instances
        && instances.Count >= resource.GetReplicaCount()
        && instances.All(instance => IsOneShot(resource)
            ? instance.Snapshot.State?.Text == KnownResourceStates.Finished && instance.Snapshot.ExitCode is 0
            : instance.Snapshot.State?.Text == KnownResourceStates.Running && instance.Snapshot.HealthStatus is HealthStatus.Healthy);

    public bool IsAlive(IResource resource) => InstancesOf(resource.Name).Any(instance => IsAlive(instance.ResourceId));

    public bool IsAlive(string id) =>
        _last.TryGetValue(id, out var change) && change.Snapshot.State?.Text is var state && (state == KnownResourceStates.Running || state == KnownResourceStates.Stopping);

    /// <summary>Others wait for its end.</summary>
    public bool IsOneShot(IResource resource) =>
        model.Resources.SelectMany(other => other.Annotations.OfType<WaitAnnotation>()).Any(wait => wait.WaitType is WaitType.WaitForCompletion && wait.Resource == resource);
}
