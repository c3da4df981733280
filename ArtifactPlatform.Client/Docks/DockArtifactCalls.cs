using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace ArtifactPlatform.Client.Docks;

/// <summary>The bytes that came are not those that were stored.</summary>
public sealed class DamagedDownloadException(string expected, string actual) : IOException($"The download has the hash {actual} and must have {expected}.");

/// <summary>The artifacts of one dock as typed calls. From <see cref="PlatformClient.DockArtifacts"/> or <see cref="PlatformClient.MachineDockArtifacts"/>.</summary>
public sealed class DockArtifactCalls
{
    private const int BufferBytes = 128 << 10;

    private readonly PlatformClient client;
    private readonly HttpClient http;
    private readonly string path;

    internal DockArtifactCalls(PlatformClient client, HttpClient http, string dockPath) => (this.client, this.http, path) = (client, http, dockPath);

    /// <summary>Announces a file. PUT it to <see cref="DockArtifactObject.UploadUrl"/>; none comes when the dock has the content.</summary>
    public Task<DockArtifactObject> CreateAsync(CreateDockArtifactRequest request, CancellationToken ct) =>
        client.SendAsync<DockArtifactObject>(HttpMethod.Post, $"{path}/artifacts", request, ct);

    /// <summary>Announces up to 100 files; each has its own result.</summary>
    public Task<DockArtifactBatch> CreateBatchAsync(IReadOnlyList<CreateDockArtifactRequest?> artifacts, CancellationToken ct) =>
        client.SendAsync<DockArtifactBatch>(HttpMethod.Post, $"{path}/artifacts/batch", new CreateDockArtifactsRequest { Artifacts = artifacts }, ct);

    /// <summary>Announces a file and sends it. Whether it is as claimed shows in the artifact a moment later.</summary>
    /// <param name="content">Read to its end; not at all when the dock has the content.</param>
    public async Task<DockArtifactObject> DepositAsync(CreateDockArtifactRequest request, Stream content, CancellationToken ct)
    {
        var created = await CreateAsync(request, ct);
        if (created.UploadUrl is { } url)
        {
            using var body = new StreamContent(content);
            body.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            using var response = await http.PutAsync(new Uri(url), body, ct);
            response.EnsureSuccessStatusCode();
        }

        return created;
    }

    public Task<DockArtifactObject> GetAsync(string artifactId, CancellationToken ct) => client.GetAsync<DockArtifactObject>(ArtifactPath(artifactId), ct);

    /// <summary>How the upload stands, by the artifact's <see cref="DockArtifactObject.UploadId"/>.</summary>
    public Task<DockUploadObject> GetUploadAsync(string uploadId, CancellationToken ct) =>
        client.GetAsync<DockUploadObject>($"{path}/uploads/{Uri.EscapeDataString(uploadId)}", ct);

    /// <summary>One page, newest first.</summary>
    public Task<DockArtifactPage> ListAsync(DockArtifactQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = new QueryString()
            .Add("limit", query.Limit)
            .Add("offset", query.Offset)
            .Add("cursor", query.Cursor)
            .Add("search", query.Search)
            .Add("metadata", query.Metadata)
            .Add("createdAfter", query.CreatedAfter)
            .Add("createdBefore", query.CreatedBefore);
        return client.GetAsync<DockArtifactPage>($"{path}/artifacts{text}", ct);
    }

    /// <summary>A short-lived URL that a browser can download from, with the hash that must come.</summary>
    public Task<DockDownload> GetDownloadAsync(string artifactId, CancellationToken ct) =>
        client.GetAsync<DockDownload>($"{ArtifactPath(artifactId)}/download?redirect=false", ct);

    /// <summary>Downloads a file and makes sure that it is the one that was stored.</summary>
    /// <exception cref="DamagedDownloadException">It is not; what <paramref name="destination"/> has got must not be used.</exception>
    public async Task DownloadAsync(string artifactId, Stream destination, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var download = await GetDownloadAsync(artifactId, ct);
        using var response = await http.GetAsync(new Uri(download.Url), HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        await using var source = await response.Content.ReadAsStreamAsync(ct);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = await source.ReadAsync(buffer, ct)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await destination.WriteAsync(buffer.AsMemory(0, read), ct);
        }

        var actual = $"sha256:{Convert.ToHexStringLower(hash.GetHashAndReset())}";
        if (actual != download.Hash)
        {
            throw new DamagedDownloadException(download.Hash, actual);
        }
    }

    /// <summary>Removes an artifact; its bytes go with the last one that has them. Not for machine clients.</summary>
    public async Task DeleteAsync(string artifactId, CancellationToken ct) => (await client.SendAsync(HttpMethod.Delete, ArtifactPath(artifactId), body: null, ct)).Dispose();

    private string ArtifactPath(string artifactId) => $"{path}/artifacts/{Uri.EscapeDataString(artifactId)}";
}
