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
        [Description("Only these, separated by commas: `artifact.created`, or `artifact.*` for all of one kind."), StringLength(1000), RegularExpression(@"^[a-z_]+\.([a-z_]+|\*)(,[a-z_]+\.([a-z_]+|\*))*$", ErrorMessage = "types must be event types separated by commas, as artifact.created or artifact.*")] string? types,
        [Description("Events a page, 1-1000."), Range(1, 1000), DefaultValue(DefaultLimit)] int? limit,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var sequence = 0L;
        if (after is not null && !ReadPosition.TryRead(after, await EventLog.HeadAsync(db, caller.CompanyId, ct), out sequence))
        {
            return Error.InvalidCursor("after");
        }

        var size = limit ?? DefaultLimit;
        var rows = await db.Events.AsNoTracking()
            .Where(e => e.CompanyId == caller.CompanyId && e.Sequence > sequence)
            .OfTypes(types is { Length: > 0 } ? types.Split(',') : [EventFilter.All])
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
