using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

internal static class Captions
{
    /// <summary>Three hours of dense speech are a few hundred kilobytes.</summary>
    private const long MaxBytes = 4L << 20;

    public static async Task<Results<Ok<CaptionObject>, BadRequestError, NotFoundError, ConflictError>> Create(
        string videoId, CreateCaptionRequest request, Caller caller, PlatformDb db, ObjectStore store, TimeProvider clock, CancellationToken ct)
    {
        if (!await db.Videos.AnyAsync(v => v.Id == videoId && v.CompanyId == caller.CompanyId, ct))
        {
            return Error.VideoNotFound();
        }

        if (await db.Captions.CountAsync(c => c.VideoId == videoId, ct) >= VideoLimits.MaxPerVideo)
        {
            return Error.TooMany("caption tracks", VideoLimits.MaxPerVideo);
        }

        var (text, error) = await ReadAsync(request, caller, db, store, ct);
        if (error is not null)
        {
            return error;
        }

        var (vtt, problem) = WebVtt.From(text);
        if (vtt is null)
        {
            return Error.InvalidCaptions(request.Text is null ? "artifact_id" : "text", problem);
        }

        var language = request.Language ?? "";
        var caption = new Caption(caller.CompanyId, videoId, language, request.Name ?? language, clock.GetUtcNow());
        // The file first: a row must never point at nothing. A file without a row goes with the video.
        await store.WriteTextAsync(ObjectKeys.Caption(videoId, caption.Id), vtt, "text/vtt; charset=utf-8", ct);
        db.Add(caption);
        await db.SaveChangesAsync(ct);
        return TypedResults.Ok(new CaptionObject(caption.Id, caption.Language, caption.Name, caption.CreatedAt));
    }

    public static async Task<Results<NoContent, NotFoundError>> Delete(string videoId, string captionId, Caller caller, PlatformDb db, ObjectStore store, CancellationToken ct)
    {
        if (await db.Captions.Where(c => c.Id == captionId && c.VideoId == videoId && c.CompanyId == caller.CompanyId).ExecuteDeleteAsync(ct) == 0)
        {
            return Error.CaptionNotFound();
        }

        await store.DeleteAsync(ObjectKeys.Caption(videoId, captionId), ct);
        return TypedResults.NoContent();
    }

    private static async Task<(string Text, BadRequestError? Error)> ReadAsync(CreateCaptionRequest request, Caller caller, PlatformDb db, ObjectStore store, CancellationToken ct)
    {
        if (request is { Text: null, ArtifactId: null })
        {
            return ("", Error.CaptionSourceMissing());
        }

        if (request is { Text: not null, ArtifactId: not null })
        {
            return ("", Error.CaptionSourceConflict());
        }

        if (request.Text is { } text)
        {
            return (text, null);
        }

        var script = await db.Artifacts
            .Where(a => a.Id == request.ArtifactId && a.CompanyId == caller.CompanyId && a.Type == ArtifactType.Script && a.Status == ArtifactStatus.UploadCompleted)
            .Select(a => new { a.S3Key, a.SizeBytes })
            .SingleOrDefaultAsync(ct);
        if (script is null)
        {
            return ("", Error.VideoArtifactUnfit("There is no such script artifact, or it is not completed."));
        }

        if (script.SizeBytes > MaxBytes)
        {
            return ("", Error.VideoArtifactUnfit($"Captions may have at most {MaxBytes >> 20} MiB."));
        }

        using var reader = new StreamReader(await store.OpenReadAsync(script.S3Key, etag: null, ct));
        return (await reader.ReadToEndAsync(ct), null);
    }
}
