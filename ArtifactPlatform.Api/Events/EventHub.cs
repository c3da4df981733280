using System.Collections.Concurrent;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Health;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Events;

/// <summary>One open stream's hold on its company's feed.</summary>
/// <param name="head">The last event that was visible when the stream began.</param>
internal sealed class FeedLease(CompanyFeed feed, long head, Caller caller, Action<FeedLease> close) : IDisposable
{
    private readonly CancellationTokenSource revoked = new();

    public CompanyFeed Feed { get; } = feed;

    public long Head { get; } = head;

    public Caller Caller { get; } = caller;

    /// <summary>Cancelled when the key or session that opened the stream is no longer good.</summary>
    public CancellationToken Revoked => revoked.Token;

    public void Revoke()
    {
        try
        {
            revoked.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The client left by itself.
        }
    }

    public void Dispose()
    {
        close(this);
        revoked.Dispose();
    }
}

/// <summary>
/// Feeds all event streams of this process. It hears every nudge once, and once a second asks in one query which of the companies with
/// listeners have grown, so a lost nudge costs a second; likewise it asks which of the listeners' keys and sessions have ended.
/// </summary>
internal sealed partial class EventHub(IDbContextFactory<PlatformDb> databases, EventNudge nudge, TimeProvider clock, ILogger<EventHub> logger) : BackgroundService
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>Rows of one read of the log.</summary>
    private const int PageSize = 500;

    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<string, CompanyFeed> feeds = new();
    private readonly ConcurrentDictionary<FeedLease, bool> leases = new();

    /// <summary>Opens the caller's company's feed. Whatever commits after the returned head comes through it.</summary>
    public async Task<FeedLease> OpenAsync(Caller caller, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var head = await EventLog.HeadAsync(db, caller.CompanyId, ct);
        lock (gate)
        {
            if (!feeds.TryGetValue(caller.CompanyId, out var feed))
            {
                feed = feeds[caller.CompanyId] = new CompanyFeed(caller.CompanyId, head);
                _ = FillAsync(feed);
            }

            feed.Listeners++;
            // What was appended since the head was read had no feed to nudge yet.
            feed.Nudge();
            var lease = new FeedLease(feed, head, caller, Close);
            leases[lease] = true;
            return lease;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var subscribed = false;
        using var timer = new PeriodicTimer(Tick, clock);
        try
        {
            do
            {
                subscribed = subscribed || await TrySubscribeAsync();
                await TickAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private void Close(FeedLease lease)
    {
        leases.TryRemove(lease, out _);
        lock (gate)
        {
            if (--lease.Feed.Listeners == 0)
            {
                feeds.TryRemove(lease.Feed.CompanyId, out _);
                lease.Feed.Closed.Cancel();
                lease.Feed.Closed.Dispose();
            }
        }
    }

    private async Task<bool> TrySubscribeAsync()
    {
        try
        {
            await nudge.SubscribeAsync(companyId =>
            {
                if (feeds.TryGetValue(companyId, out var feed))
                {
                    feed.Nudge();
                }
            });
            return true;
        }
        catch (Exception e) when (Outage.Of(e) is not null)
        {
            LogFailed(logger, e.Message);
            return false;
        }
    }

    private async Task TickAsync(CancellationToken ct)
    {
        if (feeds.IsEmpty)
        {
            return;
        }

        try
        {
            await using var db = await databases.CreateDbContextAsync(ct);
            await FindGrownAsync(db, ct);
            await FindRevokedAsync(db, ct);
        }
        catch (Exception e) when (Outage.Of(e) is not null)
        {
            LogFailed(logger, e.Message);
        }
    }

    private async Task FindGrownAsync(PlatformDb db, CancellationToken ct)
    {
        var companies = feeds.Keys.ToArray();
        var heads = await EventLog.HeadsAsync(db, companies, ct);
        foreach (var (companyId, head) in heads)
        {
            if (feeds.TryGetValue(companyId, out var feed) && head > feed.Last)
            {
                feed.Nudge();
            }
        }
    }

    private async Task FindRevokedAsync(PlatformDb db, CancellationToken ct)
    {
        var open = leases.Keys.ToList();
        var keys = open.Select(l => l.Caller.ApiKeyId).OfType<string>().Distinct().ToArray();
        var sessions = open.Select(l => l.Caller.SessionId).OfType<string>().Distinct().ToArray();
        var now = clock.GetUtcNow();
        var good = new HashSet<string>();
        if (keys.Length > 0)
        {
            good.UnionWith(await db.ApiKeys.Where(k => keys.Contains(k.Id) && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now)).Select(k => k.Id).ToListAsync(ct));
        }

        if (sessions.Length > 0)
        {
            good.UnionWith(await db.Sessions.Where(s => sessions.Contains(s.Id) && s.RevokedAt == null && s.ExpiresAt > now).Select(s => s.Id).ToListAsync(ct));
        }

        foreach (var lease in open.Where(l => !good.Contains(l.Caller.CredentialId)))
        {
            lease.Revoke();
        }
    }

    /// <summary>Reads the log behind the feed's last event whenever somebody says that there is more.</summary>
    private async Task FillAsync(CompanyFeed feed)
    {
        var ct = feed.Closed.Token;
        try
        {
            await foreach (var _ in feed.Nudges.Reader.ReadAllAsync(ct))
            {
                await ReadNewAsync(feed, ct);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task ReadNewAsync(CompanyFeed feed, CancellationToken ct)
    {
        try
        {
            var read = PageSize;
            while (read == PageSize)
            {
                await using var db = await databases.CreateDbContextAsync(ct);
                var rows = await EventLog.ReadAsync(db, feed.CompanyId, feed.Last, subjectId: null, [EventFilter.All], PageSize, ct);
                read = rows.Count;
                if (read > 0)
                {
                    feed.Append([.. rows.Select(EventFrame.Of)]);
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // The next tick finds that the feed is behind and tries again.
            LogFailed(logger, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Warning, "Event streams wait for a dependency: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
