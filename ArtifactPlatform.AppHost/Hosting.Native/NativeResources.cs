using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>What the native stores share.</summary>
internal static class NativeResources
{
    /// <summary>How long one health check tries; Aspire itself asks again only after 1, 2, 3 … s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Healthy once <paramref name="probe"/> returns without an exception.</summary>
    public static IResourceBuilder<T> WithProbe<T>(this IResourceBuilder<T> resource, Func<CancellationToken, Task> probe)
        where T : IResource
    {
        var name = $"{resource.Resource.Name}_check";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(name, async ct =>
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
            limit.CancelAfter(Patience);
            while (true)
            {
                try
                {
                    await probe(limit.Token);
                    return HealthCheckResult.Healthy();
                }
                catch (Exception e) when (limit.IsCancellationRequested)
                {
                    return HealthCheckResult.Unhealthy(e.Message);
                }
                catch (Exception)
                {
                    await Task.Delay(Pause, ct);
                }
            }
        });
        return resource.WithHealthCheck(name);
    }

    /// <summary>Prepares what the process needs, each time before it starts and after all that it waits for is healthy.</summary>
    public static IResourceBuilder<T> PrepareWith<T>(this IResourceBuilder<T> resource, Func<ILogger, CancellationToken, Task> prepare)
        where T : IResource => resource.OnBeforeResourceStarted(async (self, started, ct) =>
        {
            var log = started.Services.GetRequiredService<ResourceLoggerService>().GetLogger(self);
            try
            {
                // This event comes before Aspire's own wait.
                await started.Services.GetRequiredService<ResourceNotificationService>().WaitForDependenciesAsync(self, ct);
                await prepare(log, ct);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                started.Services.GetService<Supervisor>()?.FailToPrepare(self.Name, e.Message);
                throw;
            }
        });
}
