using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

/// <summary>The query string of a list of dock artifacts.</summary>
public sealed record ListDockArtifactsQuery
{
    [Description("Artifacts a page, 1-1000.")]
    [Range(1, 1000), DefaultValue(20)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [Description("How many to pass over; not together with `cursor`.")]
    [Range(0, int.MaxValue)]
    [FromQuery(Name = "offset")]
    public int? Offset { get; init; }

    [Description("`meta.nextCursor` of the page before this one.")]
    [StringLength(64)]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [Description("Part of the file name, in any case of letters.")]
    [TextLength(255), RegularExpression(@"^\P{Cc}*$", ErrorMessage = "The field {0} must not contain control characters.")]
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    [Description("A JSON object that the metadata must contain, like `{\"patientId\":\"P-1\"}`; an empty one filters nothing.")]
    [StringLength(4096)]
    [FromQuery(Name = "metadata")]
    public string? Metadata { get; init; }

    [Description("Only artifacts created after this instant (ISO 8601).")]
    [FromQuery(Name = "createdAfter")]
    public DateTimeOffset? CreatedAfter { get; init; }

    [Description("Only artifacts created before this instant (ISO 8601).")]
    [FromQuery(Name = "createdBefore")]
    public DateTimeOffset? CreatedBefore { get; init; }
}

internal static class ListDockArtifacts
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<DockArtifactPage>, BadRequestError, NotFoundError>> Handle(
        string dockId, [AsParameters] ListDockArtifactsQuery query, Caller caller, PlatformDb db, ObjectStore store, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        if (query is { Offset: not null, Cursor: not null })
        {
            return Error.OffsetConflict();
        }

        if (query.Metadata is { } filter && !IsMetadata(filter))
        {
            return Error.InvalidMetadataFilter();
        }

        if (!await db.Docks.AnyAsync(d => d.Id == dockId && d.CompanyId == caller.CompanyId, ct))
        {
            return Error.DockNotFound();
        }

        var own = db.DockArtifacts.AsNoTracking().Where(a => a.DockId == dockId && a.CompanyId == caller.CompanyId);
        var matching = Filter(own, query);
        var total = await matching.LongCountAsync(ct);
        if (query.Cursor is { } cursor)
        {
            if (!await own.AnyAsync(a => a.Id == cursor, ct))
            {
                return Error.InvalidCursor("cursor");
            }

            // Ids sort by time.
            matching = matching.Where(a => string.Compare(a.Id, cursor) < 0);
        }

        var limit = query.Limit ?? DefaultLimit;
        // One more than the page tells whether another page follows.
        var found = await matching.OrderByDescending(a => a.Id).Skip(query.Offset ?? 0).Take(limit + 1).ToListAsync(ct);
        var now = clock.GetUtcNow();
        var page = found.Take(limit).Select(a => a.ToReadableObject(store, now)).ToList();
        var hasMore = found.Count > limit;
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new DockArtifactPage(page, new DockArtifactPageMeta(total, hasMore, hasMore ? page[^1].Id : null)));
    }

    private static IQueryable<DockArtifact> Filter(IQueryable<DockArtifact> artifacts, ListDockArtifactsQuery query)
    {
        if (query.Search is { Length: > 0 } search)
        {
            var pattern = LikePattern.Containing(search);
            artifacts = artifacts.Where(a => EF.Functions.ILike(a.Filename, pattern, LikePattern.Escape));
        }

        // An empty object asks for nothing, and so fits those without metadata too.
        if (query.Metadata is { } metadata && !IsEmpty(metadata))
        {
            artifacts = artifacts.Where(a => a.Metadata != null && EF.Functions.JsonContains(a.Metadata, metadata));
        }

        if (query.CreatedAfter is { } after)
        {
            var first = ShownInstant.After(after);
            artifacts = artifacts.Where(a => a.CreatedAt >= first);
        }

        if (query.CreatedBefore?.ToUniversalTime() is { } before)
        {
            artifacts = artifacts.Where(a => a.CreatedAt < before);
        }

        return artifacts;
    }

    private static bool IsEmpty(string metadata) => !JsonSerializer.Deserialize<JsonElement>(metadata).EnumerateObject().Any();

    /// <summary>Whether Postgres can compare it with what it holds.</summary>
    private static bool IsMetadata(string json)
    {
        try
        {
            return MetadataRules.Check(JsonSerializer.Deserialize<JsonElement>(json)) is { Json: not null, Error: null };
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
