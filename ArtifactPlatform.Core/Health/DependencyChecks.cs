using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtifactPlatform.Core.Health;

/// <summary>One health check for each store that Api and Worker need.</summary>
public static class DependencyChecks
{
    /// <summary>A frozen dependency is as bad as a dead one.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static IHealthChecksBuilder AddDependencies(this IHealthChecksBuilder checks) => checks
        .Add(Check("postgres", async (services, ct) =>
        {
            await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(ct);
            await db.Database.ExecuteSqlAsync($"select 1", ct);
        }))
        .Add(Check("redis", async (services, _) => await (await services.GetRequiredService<RedisConnection>().DatabaseAsync()).PingAsync()))
        .Add(Check("objectstore", (services, ct) => services.GetRequiredService<ObjectStore>().CheckAsync(ct)));

    private static HealthCheckRegistration Check(string name, Func<IServiceProvider, CancellationToken, Task> probe) =>
        new(name, services => new DelegateCheck(services, probe), HealthStatus.Unhealthy, tags: null, Timeout);

    private sealed class DelegateCheck(IServiceProvider services, Func<IServiceProvider, CancellationToken, Task> probe) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await probe(services, cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
