using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Events;

internal static class ListEvents
{
    private const int DefaultLimit = 100;

    public static async Task<Results<Ok<EventPage>, BadRequestError>> Handle(
        [Description("Id of the last event that you have; left out = from the first that is kept."), StringLength(64)] string? after,
        [Description("Only these, separated by commas: `artifact.created`, `artifact.*` for all of one kind, `*` for all."), StringLength(1000)] string? types,
        [Description("Events a page, 1-1000."), Range(1, 1000), DefaultValue(DefaultLimit)] int? limit,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        List<string> wanted = types is { Length: > 0 } ? [.. types.Split(',')] : [EventFilter.All];
        if (!wanted.TrueForAll(type => EventFilter.FitsAny(type, EventTypes.Logged)))
        {
            return Error.UnknownEventType("types", EventTypes.Logged);
        }

        var place = after is null ? 0 : await ReadPosition.FindAsync(db, caller.CompanyId, after, await EventLog.HeadAsync(db, caller.CompanyId, ct), ct);
        if (place is not { } sequence)
        {
            return Error.InvalidCursor("after");
        }

        var size = limit ?? DefaultLimit;
        var rows = await db.Events.AsNoTracking()
            .Where(e => e.CompanyId == caller.CompanyId && e.Sequence > sequence)
            .OfTypes(wanted)
            .OfTypes(EventFilter.CoveredBy(caller.Scopes))
            .OrderBy(e => e.Sequence)
            .Take(size + 1)
            .ToListAsync(ct);
        if (after is not null && await EventLog.HasPrunedAsync(db, caller.CompanyId, sequence, ct))
        {
            return Error.EventsPruned("after");
        }

        return TypedResults.Ok(new EventPage([.. rows.Take(size).Select(e => e.ToContract())], rows.Count > size));
    }
}
