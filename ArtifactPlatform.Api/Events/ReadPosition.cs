using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Events;

/// <summary>From where on a client wants to read: the id of the last event that it has.</summary>
internal static class ReadPosition
{
    /// <summary>The header that browsers send when they reconnect (WHATWG HTML, 9.2.3); the query parameter is for those who can't set one.</summary>
    public const string Header = "Last-Event-ID";

    private const string Parameter = "lastEventId";

    /// <returns>Null when <paramref name="id"/> is no place in this company's log, which has reached <paramref name="head"/>, or another company's event.</returns>
    public static async Task<long?> FindAsync(PlatformDb db, string companyId, string id, long head, CancellationToken ct) =>
        EventLog.TryParseId(id, out var sequence) && sequence <= head && await EventLog.IsOwnAsync(db, companyId, id, sequence, ct) ? sequence : null;

    /// <summary>Where a stream goes on, if the log still has everything behind that.</summary>
    public static async Task<(long Sequence, BadRequestError? Error)> ReadAsync(string id, FeedLease lease, IDbContextFactory<PlatformDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        if (await FindAsync(db, lease.Feed.CompanyId, id, lease.Head, ct) is not { } sequence)
        {
            return (0, Error.InvalidCursor(Parameter));
        }

        return await EventLog.HasPrunedAsync(db, lease.Feed.CompanyId, sequence, ct) ? (0, Error.EventsPruned(Parameter)) : (sequence, null);
    }
}
