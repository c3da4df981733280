using System.Text.Json;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using Microsoft.Extensions.Caching.Memory;

namespace ArtifactPlatform.Api.Playback;

/// <summary>The packages that were played lately. They never change, so nothing ever has to be thrown out but for room.</summary>
internal sealed class PackageCache(ObjectStore store) : IDisposable
{
    /// <summary>In segments, the bulk of a package: about 100 bytes each, so 50 MB in all.</summary>
    private const long MaxSegments = 500_000;

    private readonly MemoryCache cache = new(new MemoryCacheOptions { SizeLimit = MaxSegments });

    /// <returns>Null when it is not, or no longer, in the store.</returns>
    public async Task<VideoPackage?> GetAsync(string videoId, string package, CancellationToken ct)
    {
        var key = ObjectKeys.PackageFile(videoId, package, VideoPackage.FileName);
        if (cache.TryGetValue(key, out VideoPackage? known))
        {
            return known;
        }

        if (await store.HeadAsync(key, ct) is null)
        {
            return null;
        }

        await using var json = await store.OpenReadAsync(key, etag: null, ct);
        var found = await JsonSerializer.DeserializeAsync<VideoPackage>(json, ContractJson.Options, ct);
        return found is null ? null : cache.Set(key, found, new MemoryCacheEntryOptions { Size = 1 + found.Video.Sum(v => v.Track.Segments.Count) + found.Audio.Sum(a => a.Track.Segments.Count) });
    }

    public void Dispose() => cache.Dispose();
}
