using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Creates an artifact from a URL, an S3 path or fragments. It comes back as <c>created</c>; the work goes on by itself.</summary>
    /// <exception cref="ArgumentException">The request names no source: use <see cref="CreateUploadAsync"/>.</exception>
    public Task<ArtifactObject> CreateArtifactAsync(CreateArtifactRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request is { Url: null, S3Path: null, Fragments: null }
            ? throw new ArgumentException("One of Url, S3Path and Fragments is needed.", nameof(request))
            : SendAsync<ArtifactObject>(HttpMethod.Post, "artifacts/create", request, ct);
    }

    /// <summary>Creates an artifact whose file you PUT to the returned URL. It is noticed when it has arrived; <see cref="CompleteArtifactAsync"/> only hurries that.</summary>
    /// <exception cref="ArgumentException">The request names a source: use <see cref="CreateArtifactAsync"/>.</exception>
    public Task<PresignedUpload> CreateUploadAsync(CreateArtifactRequest request, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request is { Url: null, S3Path: null, Fragments: null }
            ? SendAsync<PresignedUpload>(HttpMethod.Post, "artifacts/create", request, ct)
            : throw new ArgumentException("An upload takes none of Url, S3Path and Fragments.", nameof(request));
    }

    /// <summary>A place to PUT a file first; create an artifact from its <see cref="PresignedTempUpload.S3Path"/> within 24 hours.</summary>
    public Task<PresignedTempUpload> PresignTempUploadAsync(string fileName, CancellationToken ct) =>
        GetAsync<PresignedTempUpload>($"artifacts/create{new QueryString().Add("fileName", fileName)}", ct);

    public Task<ArtifactObject> GetArtifactAsync(string artifactId, CancellationToken ct) =>
        GetAsync<ArtifactObject>(ArtifactPath(artifactId), ct);

    /// <summary>One page, newest first unless <see cref="ArtifactQuery.Sort"/> says otherwise.</summary>
    public Task<Page<ArtifactObject>> ListArtifactsAsync(ArtifactQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = new QueryString()
            .Add("type", query.Type)
            .Add("status", query.Status)
            .Add("search", query.Search)
            .Add("createdAfter", query.CreatedAfter)
            .Add("createdBefore", query.CreatedBefore)
            .Add("sort", query.Sort)
            .Add("limit", query.Limit)
            .Add("startingAfter", query.StartingAfter)
            .Add("endingBefore", query.EndingBefore);
        return GetAsync<Page<ArtifactObject>>($"artifacts{text}", ct);
    }

    /// <summary>Says that the PUT is done, so that work begins at once. Saying it again changes nothing.</summary>
    public Task<ArtifactObject> CompleteArtifactAsync(string artifactId, CancellationToken ct) =>
        SendAsync<ArtifactObject>(HttpMethod.Post, $"{ArtifactPath(artifactId)}/complete", body: null, ct);

    /// <summary>Begins anew with an artifact that is <c>upload_failed</c>.</summary>
    public Task<ArtifactObject> RetryArtifactAsync(string artifactId, CancellationToken ct) =>
        SendAsync<ArtifactObject>(HttpMethod.Post, $"{ArtifactPath(artifactId)}/retry", body: null, ct);

    /// <summary>Changes name, metadata or expiry.</summary>
    public Task<ArtifactObject> PatchArtifactAsync(string artifactId, PatchArtifactRequest request, CancellationToken ct) =>
        SendAsync<ArtifactObject>(HttpMethod.Patch, ArtifactPath(artifactId), request, ct);

    /// <summary>Takes an artifact's expiry away.</summary>
    public Task<ArtifactObject> KeepArtifactAsync(string artifactId, CancellationToken ct) =>
        PatchArtifactAsync(artifactId, new() { ExpiresAt = null }, ct);

    /// <summary>Deleted artifacts that can still be restored, newest first.</summary>
    public Task<Page<DeletedArtifact>> ListDeletedArtifactsAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<DeletedArtifact>>($"artifacts/deleted{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    /// <summary>Takes a deleted artifact back.</summary>
    /// <exception cref="PlatformApiException">404: there is none, or its files are gone.</exception>
    public Task<ArtifactObject> RestoreArtifactAsync(string artifactId, CancellationToken ct) =>
        SendAsync<ArtifactObject>(HttpMethod.Post, $"{ArtifactPath(artifactId)}/restore", body: null, ct);

    /// <summary>Removes the artifact and everything stored for it.</summary>
    public async Task DeleteArtifactAsync(string artifactId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, ArtifactPath(artifactId), body: null, ct)).Dispose();

    /// <summary>A short-lived URL that a browser can download from.</summary>
    public Task<DownloadUrl> GetDownloadUrlAsync(string artifactId, CancellationToken ct) =>
        GetAsync<DownloadUrl>($"{ArtifactPath(artifactId)}/download?redirect=false", ct);

    private static string ArtifactPath(string artifactId) => $"artifacts/{Uri.EscapeDataString(artifactId)}";
}
