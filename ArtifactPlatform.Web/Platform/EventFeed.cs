using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;

namespace ArtifactPlatform.Web.Platform;

/// <summary>The company's events, read once per circuit however many components listen.</summary>
public sealed partial class EventFeed(PlatformSession session, ILogger<EventFeed> logger) : IDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<Subscription> subscriptions = [];
    private Task? reading;

    /// <summary>Calls <paramref name="onChange"/> from now on, outside the renderer's thread, until the result is disposed of.</summary>
    public IDisposable Subscribe<T>(ThingKind<T> kind, Action<Change<T>> onChange)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(kind);
        var subscription = new Subscription(this, kind.Events, change =>
        {
            if (TryRead(kind, change) is { } read)
            {
                onChange(read);
            }
        });
        lock (gate)
        {
            subscriptions.Add(subscription);
            reading ??= Task.Run(() => ReadAsync(stop.Token));
        }

        return subscription;
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    private async Task ReadAsync(CancellationToken ct)
    {
        try
        {
            var client = await session.GetClientAsync();
            // Lives through restarts of the Api and loses nothing on the way.
            await foreach (var change in client.StreamEventsAsync(lastEventId: null, ct))
            {
                Publish(change);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The circuit is over.
        }
        catch (PlatformApiException e)
        {
            // The platform refuses the session; the next call of a page meets the same refusal and leads to the sign-in page.
            LogRefused(logger, e);
        }
    }

    private void Publish(PlatformEvent change)
    {
        Subscription[] listeners;
        lock (gate)
        {
            listeners = [.. subscriptions.Where(listener => change.Type.StartsWith(listener.Events, StringComparison.Ordinal))];
        }

        foreach (var listener in listeners)
        {
            listener.OnEvent(change);
        }
    }

    /// <returns>Null for an event that this version does not understand: a newer platform's, say.</returns>
    private Change<T>? TryRead<T>(ThingKind<T> kind, PlatformEvent change)
        where T : class
    {
        try
        {
            var thing = change.Data.Object;
            var id = thing.GetProperty("id").GetString() ?? "";
            return new(id, change.Type == kind.DeletedEvent ? null : thing.Deserialize<T>(ContractJson.Options));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            LogUnreadable(logger, e, change.Id);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Event {EventId} is not understood")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string eventId);

    [LoggerMessage(LogLevel.Warning, "Live updates stopped")]
    private static partial void LogRefused(ILogger logger, Exception exception);

    private sealed class Subscription(EventFeed feed, string events, Action<PlatformEvent> onEvent) : IDisposable
    {
        public string Events { get; } = events;

        public Action<PlatformEvent> OnEvent { get; } = onEvent;

        public void Dispose()
        {
            lock (feed.gate)
            {
                feed.subscriptions.Remove(this);
            }
        }
    }
}
