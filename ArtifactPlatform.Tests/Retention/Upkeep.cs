using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Worker.Upkeep;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace ArtifactPlatform.Tests.Retention;

/// <summary>The worker's upkeep on the platform's own database, when a test wants it rather than every five minutes.</summary>
public sealed class Upkeep(Platform platform) : IDbContextFactory<PlatformDb>
{
    public PlatformDb CreateDbContext() => platform.Database();

    public Task PruneEventsAsync(CancellationToken ct) => new PruneEvents(this).RunAsync(ct);

    public async Task PruneFailedUploadsAsync(CancellationToken ct)
    {
        await using var redis = await RedisAsync(ct);
        await new PruneFailedUploads(this, Deleted(redis), TimeProvider.System).RunAsync(ct);
    }

    public async Task PruneRowsAsync(CancellationToken ct)
    {
        await using var redis = await RedisAsync(ct);
        using var prune = new PruneRows(this, new PruneEvents(this), new PruneFailedUploads(this, Deleted(redis), TimeProvider.System), TimeProvider.System, NullLogger<PruneRows>.Instance);
        await prune.RunAsync(ct);
    }

    private DeletedArtifacts Deleted(IConnectionMultiplexer redis)
    {
        var quota = new Quota(Options.Create(new QuotaOptions()), TimeProvider.System);
        var nudge = new EventNudge(redis, NullLogger<EventNudge>.Instance);
        return new(this, new ArtifactLog(this, new EventLog(TimeProvider.System), nudge, quota), nudge, new JobStream(redis, NullLogger<JobStream>.Instance), quota, TimeProvider.System);
    }

    private async Task<ConnectionMultiplexer> RedisAsync(CancellationToken ct) =>
        await ConnectionMultiplexer.ConnectAsync(await platform.App.GetConnectionStringAsync("redis", ct) ?? "");
}
