using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly;

namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>What the native stores share.</summary>
internal static class NativeResources
{
    /// <summary>One health check asks for some 5 s, since Aspire itself asks again only after 1, 2, 3 … s.</summary>
    private static readonly ResiliencePipeline Patiently = new ResiliencePipelineBuilder()
        .AddRetry(new() { MaxRetryAttempts = 50, Delay = TimeSpan.FromMilliseconds(100) })
        .AddTimeout(TimeSpan.FromSeconds(5))
        .Build();

    /// <summary>Healthy once <paramref name="probe"/> returns without an exception.</summary>
    public static IResourceBuilder<T> WithProbe<T>(this IResourceBuilder<T> resource, Func<CancellationToken, Task> probe)
        where T : IResource
    {
        var name = $"{resource.Resource.Name}_check";
        resource.ApplicationBuilder.Services.AddHealthChecks().AddAsyncCheck(name, async ct =>
        {
            await Patiently.ExecuteAsync(async limit => await probe(limit), ct);
            return HealthCheckResult.Healthy();
        });
        return resource.WithHealthCheck(name);
    }

    /// <summary>Prepares what the process needs, each time before it starts and after all that it waits for is healthy.</summary>
    public static IResourceBuilder<T> PrepareWith<T>(this IResourceBuilder<T> resource, Func<ILogger, CancellationToken, Task> prepare)
        where T : IResource => resource.OnBeforeResourceStarted((self, started, ct) => started.Services.GetRequiredService<Supervisor>().PrepareAsync(self.Name, async () =>
        {
            // This event comes before Aspire's own wait.
            await started.Services.GetRequiredService<ResourceNotificationService>().WaitForDependenciesAsync(self, ct);
            await prepare(started.Services.GetRequiredService<ResourceLoggerService>().GetLogger(self), ct);
        }));
}
