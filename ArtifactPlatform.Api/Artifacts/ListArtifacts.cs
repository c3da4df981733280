using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

/// <summary>The query string of <c>GET /artifacts</c>. Words stay text here: the framework's enum binding knows neither snake_case nor refuses numbers.</summary>
public sealed record ListArtifactsQuery
{
    [Description("Only artifacts of this type.")]
    [AllowedValues(null, "video", "audio", "script", ErrorMessage = "type must be one of video, audio, script")]
    [FromQuery(Name = "type")]
    public string? Type { get; init; }

    [Description("Only artifacts in this status.")]
    [AllowedValues(null, "created", "upload_started", "upload_completed", "upload_failed", ErrorMessage = "status must be one of created, upload_started, upload_completed, upload_failed")]
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    [Description("Part of the name, in any case of letters.")]
    [TextLength(255), RegularExpression(@"^\P{Cc}*$", ErrorMessage = "The field {0} must not contain control characters.")]
    [FromQuery(Name = "search")]
    public string? Search { get; init; }

    [Description("Only artifacts created after this instant (ISO 8601).")]
    [FromQuery(Name = "createdAfter")]
    public DateTimeOffset? CreatedAfter { get; init; }

    [Description("Only artifacts created before this instant (ISO 8601).")]
    [FromQuery(Name = "createdBefore")]
    public DateTimeOffset? CreatedBefore { get; init; }

    [Description("`-createdAt`, newest first, is the default.")]
    [AllowedValues(null, "createdAt", "-createdAt", ErrorMessage = "sort must be createdAt or -createdAt")]
    [FromQuery(Name = "sort")]
    public string? Sort { get; init; }

    [Description("Artifacts a page, 1-100.")]
    [Range(1, 100), DefaultValue(20)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    [Description("Id of the last artifact of the page before this one.")]
    [StringLength(64)]
    [FromQuery(Name = "startingAfter")]
    public string? StartingAfter { get; init; }

    [Description("Id of the first artifact of the page behind this one.")]
    [StringLength(64)]
    [FromQuery(Name = "endingBefore")]
    public string? EndingBefore { get; init; }
}

internal static class ListArtifacts
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<ArtifactObject>>, BadRequestError>> Handle([AsParameters] ListArtifactsQuery query, Caller caller, PlatformDb db, CancellationToken ct)
    {
        if (query is { StartingAfter: not null, EndingBefore: not null })
        {
            return Error.CursorConflict();
        }

        var own = db.Artifacts.Where(a => a.CompanyId == caller.CompanyId);
        var matching = Filter(own, query);
        var backwards = query.EndingBefore is not null;
        var descending = query.Sort != "createdAt" ^ backwards;
        if ((query.StartingAfter ?? query.EndingBefore) is { } cursor)
        {
            var place = await own.Where(a => a.Id == cursor).Select(a => new { a.CreatedAt, a.Id }).SingleOrDefaultAsync(ct);
            if (place is null)
            {
                return Error.InvalidCursor(backwards ? "endingBefore" : "startingAfter");
            }

            matching = Behind(matching, place.CreatedAt, place.Id, descending);
        }

        var limit = query.Limit ?? DefaultLimit;
        var ordered = descending
            ? matching.OrderByDescending(a => a.CreatedAt).ThenByDescending(a => a.Id)
            : matching.OrderBy(a => a.CreatedAt).ThenBy(a => a.Id);
        // One more than the page tells whether another page follows.
        var found = await ArtifactLog.Show(db, ordered.Take(limit + 1)).ToListAsync(ct);
        return TypedResults.Ok(ToPage([.. found.Select(a => a.ToObject())], limit, backwards));
    }

    private static IQueryable<Artifact> Filter(IQueryable<Artifact> artifacts, ListArtifactsQuery query)
    {
        if (query.Type is not null)
        {
            var type = Word<ArtifactType>(query.Type);
            artifacts = artifacts.Where(a => a.Type == type);
        }

        if (query.Status is not null)
        {
            var status = Word<ArtifactStatus>(query.Status);
            artifacts = artifacts.Where(a => a.Status == status);
        }

        if (query.Search is { Length: > 0 } search)
        {
            var pattern = LikePattern.Containing(search);
            artifacts = artifacts.Where(a => EF.Functions.ILike(a.Name, pattern, LikePattern.Escape));
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

    /// <summary>A comparison of rows, which the index on (company, created_at, id) answers without reading what lies before.</summary>
    private static IQueryable<Artifact> Behind(IQueryable<Artifact> artifacts, DateTimeOffset createdAt, string id, bool descending) => descending
        ? artifacts.Where(a => EF.Functions.LessThan(ValueTuple.Create(a.CreatedAt, a.Id), ValueTuple.Create(createdAt, id)))
        : artifacts.Where(a => EF.Functions.GreaterThan(ValueTuple.Create(a.CreatedAt, a.Id), ValueTuple.Create(createdAt, id)));

    private static Page<ArtifactObject> ToPage(List<ArtifactObject> found, int limit, bool backwards)
    {
        var hasMore = found.Count > limit;
        var page = found.Take(limit).ToList();
        var cursor = hasMore ? page[^1].Id : null;
        if (backwards)
        {
            page.Reverse();
        }

        return new Page<ArtifactObject>(page, hasMore, cursor);
    }

    private static T Word<T>(string word) where T : struct, Enum => Enum.GetValues<T>().Single(value => value.Word() == word);
}
