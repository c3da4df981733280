using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtifactPlatform.Core.Health;

/// <summary>One health check for each store. The integrations bring those of Postgres and Redis; here they get their names and time limits.</summary>
internal static class DependencyChecks
{
    /// <summary>A frozen dependency is as bad as a dead one.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    public static void AddDependencyChecks(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<StoreCheck>("objectstore");
        services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (var check in options.Registrations)
            {
                check.Timeout = Timeout;
                check.Name = check.Name switch
                {
                    DatabaseSetup.HealthCheckName => "postgres",
                    RedisSetup.HealthCheckName => "redis",
                    var name => name,
                };
            }
        });
    }

    private sealed class StoreCheck(ObjectStore store) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            await store.CheckAsync(cancellationToken);
            return HealthCheckResult.Healthy();
        }
    }
}
