using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

/// <summary>The query string of <c>GET /videos</c>.</summary>
public sealed record ListVideosQuery
{
    [Description("Only videos in this status.")]
    [AllowedValues(null, "preparing", "ready", "errored", "reprocessing", ErrorMessage = "status must be one of preparing, ready, errored, reprocessing")]
    [FromQuery(Name = "status")]
    public string? Status { get; init; }

    [Description("Part of title, description or a tag, in any case of letters.")]
    [TextLength(255), RegularExpression(@"^\P{Cc}*$", ErrorMessage = "The field {0} must not contain control characters.")]
    [FromQuery(Name = "q")]
    public string? Q { get; init; }

    [Description("`next_cursor` of the page before this one.")]
    [StringLength(64)]
    [FromQuery(Name = "cursor")]
    public string? Cursor { get; init; }

    [Description("Videos a page, 1-100.")]
    [Range(1, 100), DefaultValue(25)]
    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }
}

internal static class ListVideos
{
    private const int DefaultLimit = 25;

    public static async Task<Results<Ok<VideoPage>, BadRequestError>> Handle([AsParameters] ListVideosQuery query, Caller caller, PlatformDb db, VideoLog log, CancellationToken ct)
    {
        var videos = db.Videos.Where(v => v.CompanyId == caller.CompanyId);
        if (query.Cursor is { } cursor)
        {
            if (!cursor.StartsWith("vid_", StringComparison.Ordinal))
            {
                return Error.InvalidCursor("cursor");
            }

            // Ids sort by time, so the place stays even when the video there is gone.
            videos = videos.Where(v => string.Compare(v.Id, cursor) < 0);
        }

        if (query.Status is { } word)
        {
            var status = Enum.GetValues<VideoStatus>().Single(s => s.Word() == word);
            videos = videos.Where(v => v.Status == status);
        }

        if (query.Q is { Length: > 0 } text)
        {
            var pattern = LikePattern.Containing(text);
            videos = videos.Where(v => EF.Functions.ILike(v.Title, pattern, LikePattern.Escape)
                || (v.Description != null && EF.Functions.ILike(v.Description, pattern, LikePattern.Escape))
                || v.Tags.Any(t => EF.Functions.ILike(t, pattern, LikePattern.Escape)));
        }

        var limit = query.Limit ?? DefaultLimit;
        // One more than the page tells whether another page follows.
        var found = await log.ShowAsync(db, videos.OrderByDescending(v => v.Id).Take(limit + 1), ct);
        return TypedResults.Ok(new VideoPage([.. found.Take(limit)], found.Count > limit ? found[limit - 1].Id : null));
    }
}
