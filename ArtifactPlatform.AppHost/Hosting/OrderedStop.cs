using System.Collections.Concurrent;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>
/// Stops each resource once all that depend on it have stopped: services before stores, the gateway before its OSD, the OSD before its
/// monitor. DCP by itself stops everything at the same time.
/// </summary>
internal sealed class OrderedStop(DistributedApplicationModel model, RunningResources running, ResourceCommandService commands) : IHostedLifecycleService
{
    /// <summary>DCP kills after about 6 s what has not ended on SIGTERM.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(9);

    private readonly ConcurrentDictionary<IResource, Lazy<Task>> _stopping = [];

    /// <summary>Comes before any hosted service is stopped, DCP's among them.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.WhenAll(running.All.ToList().Select(StopAsync));

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private Task StopAsync(IResource resource) => _stopping.GetOrAdd(resource, _ => new Lazy<Task>(() => StopOnceAsync(resource))).Value;

    private async Task StopOnceAsync(IResource resource)
    {
        await Task.WhenAll(model.Resources.Where(other => DependsOn(other, resource)).Select(StopAsync));
        // The dashboard shows how the others stop.
        await Task.WhenAll(running.InstancesOf(resource.Name).Select(instance => instance.ResourceId).Where(id => running.IsAlive(id) && resource.Name != "aspire-dashboard").Select(StopProcessAsync));
    }

    private async Task StopProcessAsync(string id)
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            var result = await commands.ExecuteCommandAsync(id, KnownResourceCommands.StopCommand, limit.Token);
            while (result.Success && running.IsAlive(id))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // DCP ends it with all the others.
        }
    }

    private static bool DependsOn(IResource other, IResource resource) =>
        other.Annotations.OfType<WaitAnnotation>().Any(wait => wait.Resource == resource) || (other is IResourceWithParent { Parent: { } parent } && parent == resource);
}
