using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Network;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

internal static class CreateVideo
{
    public static async Task<Results<Ok<VideoObject>, BadRequestError>> Handle(CreateVideoRequest request, Caller caller, AddressGuard guard, NewVideos videos, CancellationToken ct)
    {
        if (TagRules.Check(request.Tags) is { } badTag)
        {
            return badTag;
        }

        switch (request)
        {
            case { Input: null, ArtifactId: null }:
                return Error.VideoSourceMissing();
            case { Input: not null, ArtifactId: not null }:
                return Error.VideoSourceConflict();
            case { ArtifactId: { } artifactId }:
                var (made, unfit) = await videos.FromArtifactAsync(request, artifactId, caller, ct);
                return made is null ? unfit! : TypedResults.Ok(made);
        }

        if (request.Input[0]?.Url is not { } url)
        {
            return Error.Bad(Error.MissingParameter("input[0].url"));
        }

        return UrlRules.Check(url, guard) switch
        {
            UrlVerdict.Good => TypedResults.Ok(await videos.FromUrlAsync(request, url, caller, ct)),
            UrlVerdict.Forbidden => Error.ForbiddenAddress("input[0].url"),
            _ => Error.InvalidUrl("input[0].url"),
        };
    }
}

/// <summary>Stores new videos, with the artifact that one from a URL needs first.</summary>
internal sealed class NewVideos(PlatformDb db, ArtifactLog artifacts, VideoLog videos, EventNudge nudge, ObjectStore store, JobStream jobs, Quota quota, TimeProvider clock)
{
    private const int MaxTitleLength = 255;

    public async Task<VideoObject> FromUrlAsync(CreateVideoRequest request, string url, Caller caller, CancellationToken ct)
    {
        await quota.CheckAsync(db, UsageKind.EncodeTime, caller.CompanyId, amount: 0, ct);
        var now = clock.GetUtcNow();
        var name = NameOf(url);
        var artifact = new Artifact(caller.CompanyId, caller.UserId, caller.ApiKeyId, name, ArtifactType.Video, ArtifactSource.Url, store.Bucket, now).TakeFromUrl(url);
        var video = new Video(caller.CompanyId, caller.UserId, artifact.Id, ownsArtifact: true, awaitsArtifact: true, KindFor(caller, IngestKind.Url), DraftOf(request, name), now);
        var job = new Job(JobKinds.Ingest, artifact.Id, caller.CompanyId, IngestLimits.MaxAttempts, now);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        db.Add(job);
        await artifacts.AddAsync(db, artifact, ct);
        return await StoreAsync(video, request, job, transaction, ct);
    }

    /// <returns>The video, or why the artifact will not do.</returns>
    public async Task<(VideoObject? Video, BadRequestError? Unfit)> FromArtifactAsync(CreateVideoRequest request, string artifactId, Caller caller, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Locked, so that it can't complete between the look at it and the row that waits for that.
        var artifact = await db.Artifacts
            .FromSql($"select * from artifacts where id = {artifactId} and company_id = {caller.CompanyId} for share")
            .AsNoTracking()
            .SingleOrDefaultAsync(ct);
        switch (artifact)
        {
            case null:
                return (null, Error.VideoArtifactUnfit("There is no such artifact."));
            case { Type: ArtifactType.Script }:
                return (null, Error.VideoArtifactUnfit("A script can't be made into a video."));
            case { Status: ArtifactStatus.UploadFailed }:
                return (null, Error.VideoArtifactUnfit($"The artifact has failed: {artifact.ErrorMessage}"));
        }

        await quota.CheckAsync(db, UsageKind.EncodeTime, caller.CompanyId, UsageKinds.Milliseconds(artifact.DurationSeconds), ct);
        var now = clock.GetUtcNow();
        var waits = artifact.Status != ArtifactStatus.UploadCompleted;
        var video = new Video(caller.CompanyId, caller.UserId, artifactId, ownsArtifact: false, waits, KindFor(caller, IngestKind.Url), DraftOf(request, artifact.Name), now);
        var job = waits ? null : new Job(JobKinds.ProcessVideo, video.Id, caller.CompanyId, VideoLimits.MaxAttempts, now);
        if (job is not null)
        {
            db.Add(job);
        }

        return (await StoreAsync(video, request, job, transaction, ct), null);
    }

    private async Task<VideoObject> StoreAsync(
        Video video, CreateVideoRequest request, Job? job, Microsoft.EntityFrameworkCore.Storage.IDbContextTransaction transaction, CancellationToken ct)
    {
        var shown = await videos.AddAsync(db, video, request.PlaybackPolicy ?? PlaybackPolicy.Public, ct);
        await transaction.CommitAsync(ct);
        await nudge.SendAsync(video.CompanyId);
        if (job is not null)
        {
            await jobs.SendAsync(job.Kind, job.Id);
        }

        return shown;
    }

    private static VideoDraft DraftOf(CreateVideoRequest request, string name) => new()
    {
        Title = request.Title is { Length: > 0 } title ? title : name,
        Description = request.Description,
        Passthrough = request.Passthrough,
        Quality = request.Quality ?? "original",
        Tags = request.Tags ?? [],
    };

    /// <summary>Without an API key it is a person at the dashboard.</summary>
    private static IngestKind KindFor(Caller caller, IngestKind otherwise) => caller.ApiKeyId is null ? IngestKind.Console : otherwise;

    private static string NameOf(string url)
    {
        var name = Uri.UnescapeDataString(new Uri(url).Segments[^1].Trim('/'));
        var clean = string.Concat(name.Where(c => !char.IsControl(c)));
        return clean.Length == 0 ? "video" : StorableText.Cut(clean, MaxTitleLength);
    }
}
