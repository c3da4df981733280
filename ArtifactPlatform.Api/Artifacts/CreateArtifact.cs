using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Artifacts;

internal static class CreateArtifact
{
    public static async Task<Results<Ok<PresignedUpload>, Ok<ArtifactObject>, BadRequestError>> Handle(
        CreateArtifactRequest request, Caller caller, CheckSources check, ObjectStore store, ArtifactLog log, JobStream jobs, TimeProvider clock, CancellationToken ct)
    {
        if (SourceRules.Check(request) is { } error)
        {
            return error;
        }

        var metadata = MetadataRules.Check(request.Metadata);
        if (metadata.Error is not null)
        {
            return metadata.Error;
        }

        var now = clock.GetUtcNow();
        if (request.ExpiresAt <= now)
        {
            return Error.ExpiryPast();
        }

        var (sources, refused) = await check.CheckAsync(caller, SourceRules.SourcesOf(request), ct);
        if (refused is not null)
        {
            return refused;
        }

        var source = SourceRules.KindOf(request, sources);
        var artifact = new Artifact(caller.CompanyId, caller.UserId, caller.ApiKeyId, request.Name ?? "", request.Type ?? default, source, store.Bucket, now)
            .WithMetadata(metadata.Json)
            .ExpireAt(request.ExpiresAt?.ToUniversalTime());
        return source == ArtifactSource.Upload
            ? TypedResults.Ok(await AwaitUploadAsync(artifact, store, log, now, ct))
            : TypedResults.Ok(await QueueAsync(artifact, request.Fragments, sources, log, jobs, now, ct));
    }

    private static async Task<PresignedUpload> AwaitUploadAsync(Artifact artifact, ObjectStore store, ArtifactLog log, DateTimeOffset now, CancellationToken ct)
    {
        var expiresAt = now + IngestLimits.UploadUrlLifetime;
        var url = store.PresignPut(ObjectKeys.Incoming(artifact.Id), IngestLimits.UploadUrlLifetime);
        await log.CreateAsync(artifact.AwaitUploadUntil(expiresAt), ct);
        return new PresignedUpload(artifact.Id, url, expiresAt);
    }

    private static async Task<ArtifactObject> QueueAsync(
        Artifact artifact, IReadOnlyList<FragmentRequest>? fragments, IReadOnlyList<CheckedSource> sources, ArtifactLog log, JobStream jobs, DateTimeOffset now, CancellationToken ct)
    {
        var job = new Job(JobKinds.Ingest, artifact.Id, artifact.CompanyId, IngestLimits.MaxAttempts, now);
        var rows = new List<object> { job };
        if (fragments is null)
        {
            _ = sources[0] is { Url: { } url } ? artifact.TakeFromUrl(url) : artifact.TakeFromS3(sources[0].Bucket, sources[0].Key);
        }
        else
        {
            rows.AddRange(fragments.Zip(sources).Select((pair, i) => FragmentRow(artifact.Id, i, pair.First, pair.Second)));
        }

        var created = await log.CreateAsync(artifact, ct, rows);
        await jobs.SendAsync(job.Kind, job.Id);
        return created;
    }

    private static Fragment FragmentRow(string artifactId, int position, FragmentRequest request, CheckedSource source)
    {
        var fragment = new Fragment(artifactId, position, request.StartTime ?? 0, request.InPoint, request.OutPoint);
        return source.Url is { } url ? fragment.TakeFromUrl(url) : fragment.TakeFromS3(source.Bucket, source.Key);
    }
}
