using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Web.Platform;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>One change to an artifact. <paramref name="Artifact"/> is null when it was deleted.</summary>
public sealed record ArtifactChange(string Id, ArtifactObject? Artifact);

/// <summary>The company's artifact events, read once per circuit however many components listen.</summary>
public sealed partial class ArtifactFeed(PlatformSession session, ILogger<ArtifactFeed> logger) : IDisposable
{
    private const string ArtifactEvents = "artifact.";

    private readonly CancellationTokenSource stop = new();
    private readonly Lock gate = new();
    private readonly List<Subscription> subscriptions = [];
    private Task? reading;

    /// <summary>Calls <paramref name="onChange"/> from now on, outside the renderer's thread, until the result is disposed of.</summary>
    public IDisposable Subscribe(Action<ArtifactChange> onChange)
    {
        var subscription = new Subscription(this, onChange);
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
                if (change.Type.StartsWith(ArtifactEvents, StringComparison.Ordinal) && TryRead(change) is { } read)
                {
                    Publish(read);
                }
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

    private void Publish(ArtifactChange change)
    {
        Subscription[] listeners;
        lock (gate)
        {
            listeners = [.. subscriptions];
        }

        foreach (var listener in listeners)
        {
            listener.OnChange(change);
        }
    }

    /// <returns>Null for an event that this version does not understand: a newer platform's, say.</returns>
    private ArtifactChange? TryRead(PlatformEvent change)
    {
        try
        {
            var thing = change.Data.Object;
            var id = thing.GetProperty("id").GetString() ?? "";
            return new(id, change.Type == EventTypes.ArtifactDeleted ? null : thing.Deserialize<ArtifactObject>(ContractJson.Options));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException)
        {
            LogUnreadable(logger, e, change.Id);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Event {EventId} is not understood")]
    private static partial void LogUnreadable(ILogger logger, Exception exception, string eventId);

    [LoggerMessage(LogLevel.Warning, "Live updates stopped")]
    private static partial void LogRefused(ILogger logger, Exception exception);

    private sealed class Subscription(ArtifactFeed feed, Action<ArtifactChange> onChange) : IDisposable
    {
        public Action<ArtifactChange> OnChange { get; } = onChange;

        public void Dispose()
        {
            lock (feed.gate)
            {
                feed.subscriptions.Remove(this);
            }
        }
    }
}
