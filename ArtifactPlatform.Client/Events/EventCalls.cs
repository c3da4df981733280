using System.Net;
using System.Runtime.CompilerServices;
using ArtifactPlatform.Client.Events;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>The company's events behind <paramref name="after"/>, oldest first: those about artifacts with <c>artifacts:read</c>, about uploads and videos with <c>videos:read</c>.</summary>
    /// <param name="after">Id of the last event that you have; null = from the first that is kept.</param>
    /// <param name="types">Only these: <c>artifact.created</c>, or <c>artifact.*</c>; null = all.</param>
    /// <param name="limit">1-1000; 100 when null.</param>
    public Task<EventPage> ListEventsAsync(string? after, IEnumerable<string>? types, int? limit, CancellationToken ct)
    {
        var query = new QueryString().Add("after", after).Add("types", types is null ? null : string.Join(',', types)).Add("limit", limit);
        return GetAsync<EventPage>($"events{query}", ct);
    }

    /// <summary>
    /// The company's events as they happen, without end and without loss: a broken connection is made again, and goes on behind the
    /// last event. While the Api is away it keeps trying. The scopes cover what they do in <see cref="ListEventsAsync"/>.
    /// </summary>
    /// <param name="lastEventId">Id of the last event that you have; null = from now on.</param>
    /// <exception cref="PlatformApiException">The Api refuses: no retry would help (a revoked token, say).</exception>
    public IAsyncEnumerable<PlatformEvent> StreamEventsAsync(string? lastEventId, CancellationToken ct) =>
        FollowAsync("events/stream", lastEventId, endsWithDelete: false, ct);

    /// <summary>
    /// One artifact's events as they happen. The first is its present state, as <c>artifact.</c> and the status; it ends after
    /// <c>artifact.deleted</c>. Otherwise like <see cref="StreamEventsAsync"/>.
    /// </summary>
    /// <param name="lastEventId">Id of the last event that you have: goes on behind it, without the present state. Null = the state, then what follows.</param>
    public IAsyncEnumerable<PlatformEvent> StreamArtifactEventsAsync(string artifactId, string? lastEventId, CancellationToken ct) =>
        FollowAsync($"{ArtifactPath(artifactId)}/events", lastEventId, endsWithDelete: true, ct);

    private async IAsyncEnumerable<PlatformEvent> FollowAsync(string path, string? lastEventId, bool endsWithDelete, [EnumeratorCancellation] CancellationToken ct)
    {
        var backoff = new Backoff();
        while (true)
        {
            await using var connection = await TryConnectAsync(path, lastEventId, backoff, ct);
            while (connection is not null && await connection.NextAsync() is { } next)
            {
                backoff.Reset();
                lastEventId = next.Id;
                yield return next;
                if (endsWithDelete && next.Type == EventTypes.ArtifactDeleted)
                {
                    yield break;
                }
            }

            await Task.Delay(backoff.Next(), ct);
        }
    }

    /// <returns>Null when the Api can't be reached or asks to come again later.</returns>
    private async Task<EventConnection?> TryConnectAsync(string path, string? lastEventId, Backoff backoff, CancellationToken ct)
    {
        using var request = CreateRequest(HttpMethod.Get, path);
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        try
        {
            var response = await EnsureSuccessAsync(await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct), ct);
            return new EventConnection(response, await response.Content.ReadAsStreamAsync(ct), ct);
        }
        catch (PlatformApiException e) when (e.Status is HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError)
        {
            backoff.AtLeast(e.RetryAfter);
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            return null;
        }
    }
}
