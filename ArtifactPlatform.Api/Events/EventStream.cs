using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Health;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Events;

/// <summary>
/// The answer of the live routes. Each client goes at its own pace: it reads the feed it shares with others while it keeps up, and the
/// log itself, page by page, while it does not.
/// </summary>
/// <param name="lease">Disposed of when the stream ends.</param>
/// <param name="after">The log is sent from behind this place on.</param>
/// <param name="subjectId">Only events of this thing, until it is deleted; null = all.</param>
/// <param name="types">Only these, as <see cref="EventFilter"/> has them.</param>
/// <param name="first">Sent before everything else; null = nothing.</param>
internal sealed partial class EventStream(FeedLease lease, long after, string? subjectId, IReadOnlyCollection<string> types, PlatformEvent? first) : IResult
{
    /// <summary>Proxies mostly close a connection that is silent for 30 to 60 seconds.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Rows that a client which lags behind holds in memory at once.</summary>
    private const int PageSize = 100;

    /// <summary>Browsers then come back after a second rather than after their own three or five.</summary>
    private static readonly ReadOnlyMemory<byte> Opening = "retry: 1000\n\n"u8.ToArray();

    private static readonly ReadOnlyMemory<byte> Beat = ":\n\n"u8.ToArray();

    private long cursor = after;
    private bool ended;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        using var owned = lease;
        var services = httpContext.RequestServices;
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, stopping, lease.Revoked);
        var response = httpContext.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";
        response.Headers["X-Accel-Buffering"] = "no";
        httpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        try
        {
            await response.BodyWriter.WriteAsync(Opening, end.Token);
            if (first is not null)
            {
                await response.BodyWriter.WriteAsync(EventFrame.Encode(first), end.Token);
            }

            await SendAsync(response, services.GetRequiredService<IDbContextFactory<PlatformDb>>(), services.GetRequiredService<TimeProvider>(), end.Token);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client left, the host stops, or the key was revoked: the stream just ends.
        }
        catch (Exception e) when (Outage.Of(e) is { } dependency)
        {
            // The answer has begun, so no error can be told; the client comes back with its last id.
            LogBrokenOff(services.GetRequiredService<ILogger<EventStream>>(), lease.Feed.CompanyId, dependency, e.Message);
        }
    }

    private async Task SendAsync(HttpResponse response, IDbContextFactory<PlatformDb> databases, TimeProvider clock, CancellationToken ct)
    {
        var sentAt = clock.GetTimestamp();
        while (!ended)
        {
            var (frames, grown) = await NextAsync(databases, ct);
            foreach (var frame in frames)
            {
                await response.BodyWriter.WriteAsync(frame.Bytes, ct);
                sentAt = clock.GetTimestamp();
                ended = subjectId is not null && frame.Type == EventTypes.ArtifactDeleted;
            }

            if (grown is null || ended)
            {
                continue;
            }

            var silence = clock.GetElapsedTime(sentAt);
            if (silence >= Heartbeat)
            {
                await response.BodyWriter.WriteAsync(Beat, ct);
                (sentAt, silence) = (clock.GetTimestamp(), TimeSpan.Zero);
            }

            await grown.WaitAsync(Heartbeat - silence, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ct.ThrowIfCancellationRequested();
        }
    }

    /// <returns>What comes next, and what to wait for then; null = ask again at once.</returns>
    private async Task<(IEnumerable<EventFrame> Frames, Task? Grown)> NextAsync(IDbContextFactory<PlatformDb> databases, CancellationToken ct)
    {
        var read = lease.Feed.Read(cursor);
        if (read.Frames is { } frames)
        {
            cursor = read.Cursor;
            return (frames.Where(f => (subjectId is null || f.SubjectId == subjectId) && EventFilter.Includes(types, f.Type)), read.Grown);
        }

        await using var db = await databases.CreateDbContextAsync(ct);
        var rows = await EventLog.ReadAsync(db, lease.Feed.CompanyId, cursor, subjectId, types, PageSize, ct);
        // A page that is not full has reached the end of the log, which lies at or above the feed's floor.
        cursor = rows.Count == PageSize ? rows[^1].Sequence : Math.Max(read.Cursor, rows.Count == 0 ? 0 : rows[^1].Sequence);
        return (rows.Select(EventFrame.Of), null);
    }

    [LoggerMessage(LogLevel.Warning, "A live stream of company {CompanyId} broke off, for {Dependency} does not answer: {Reason}")]
    private static partial void LogBrokenOff(ILogger logger, string companyId, string dependency, string reason);
}
