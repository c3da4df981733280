using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Events;

internal static class EventEndpoints
{
    private const string EventStreamType = "text/event-stream";

    private const string ScopeRules = "Shows what the caller's scopes cover: `artifact.*` with `artifacts:read`, `video.*` and `upload.*` with `videos:read`.";

    private const string StreamRules =
        """
        Each message has `id` (the event's id), `event` (its type) and `data` (the event as JSON). A comment comes after 15 silent seconds.
        To go on after a broken connection, send the last id as `Last-Event-ID` header (browsers do) or as `lastEventId`: everything behind it follows, nothing is lost or sent twice.
        Behind an event that is older than the company's retention settings keep, a stream does not go on (400 `events_pruned`): read the present state, then follow without an id.
        The stream ends when the key or session is revoked.
        """;

    public static void AddEvents(this IServiceCollection services)
    {
        services.AddSingleton<EventHub>();
        services.AddHostedService(provider => provider.GetRequiredService<EventHub>());
    }

    public static void MapEvents(this IEndpointRouteBuilder api)
    {
        var see = api.MapGroup("").RequireAuthorization(Policies.SeeEvents).WithTags("Events");

        see.MapGet("/events", ListEvents.Handle).WithName("listEvents").WithSummary("Replay events")
            .WithDescription("The company's events behind `after`, oldest first. Give the last event's id as `after` to get the next page. Progress events are kept only briefly, the others as long as the company's retention settings say; an `after` that is too old is a 400 `events_pruned`. " + ScopeRules);
        see.MapGet("/events/stream", StreamEvents.Handle).WithName("streamEvents").WithSummary("Follow all events")
            .WithDescription($"Server-sent events of the company, from now on. {ScopeRules}\n\n{StreamRules}")
            .Produces<PlatformEvent>(StatusCodes.Status200OK, EventStreamType)
            .DisableRequestTimeout();

        var read = api.MapGroup("").RequireAuthorization(Scopes.ArtifactsRead).WithTags("Events");

        read.MapGet("/artifacts/{artifactId}/events", StreamArtifactEvents.Handle).WithName("streamArtifactEvents").WithSummary("Follow one artifact")
            .WithDescription($"Server-sent events of one artifact. The first message is its present state: type `artifact.` and the status, the object as it is now, and an id that is a place in the log rather than a logged event's. With a last event id, what was missed comes instead. The stream ends after `artifact.deleted`.\n\n{StreamRules}")
            .Produces<PlatformEvent>(StatusCodes.Status200OK, EventStreamType)
            .DisableRequestTimeout();
    }
}
