using System.Net;
using Amazon.S3;
using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Tests.Storage;

/// <summary>Reading and writing objects of the real store.</summary>
public sealed class ObjectStoreTests(Platform platform) : IClassFixture<StartedPlatform>, IAsyncDisposable
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private readonly string key = $"tests/{Guid.NewGuid():N}";
    private readonly string path = Path.GetTempFileName();

    private ObjectStore Store => platform.Store;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(70_000_000)]
    public async Task What_was_written_is_read_again(int length)
    {
        var bytes = new byte[length];
        Random.Shared.NextBytes(bytes);
        await File.WriteAllBytesAsync(path, bytes, ct);

        await Store.WriteFileAsync(key, path, "application/octet-stream", ct);

        var stored = await Store.HeadAsync(key, ct);
        Assert.Equal(length, stored?.SizeBytes);
        await using var body = await Store.OpenReadAsync(key, stored!.ETag, ct);
        using var read = new MemoryStream();
        await body.CopyToAsync(read, ct);
        Assert.True(bytes.AsSpan().SequenceEqual(read.GetBuffer().AsSpan(0, (int)read.Length)), $"{read.Length} bytes came back, of {length}, or others.");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(70_000_000)]
    public async Task Readers_are_told_of_no_encoding(int length)
    {
        await File.WriteAllBytesAsync(path, new byte[length], ct);
        using var http = new HttpClient();

        await Store.WriteFileAsync(key, path, "video/mp4", ct);
        using var file = await http.GetAsync(new Uri(Store.PresignInternalGet(key, TimeSpan.FromMinutes(1))), HttpCompletionOption.ResponseHeadersRead, ct);
        await Store.WriteTextAsync(key, "text", "text/plain", ct);
        using var text = await http.GetAsync(new Uri(Store.PresignInternalGet(key, TimeSpan.FromMinutes(1))), ct);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (file.StatusCode, text.StatusCode));
        Assert.Empty(file.Content.Headers.ContentEncoding);
        Assert.Empty(text.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task What_has_changed_or_is_gone_is_not_read()
    {
        await Store.WriteTextAsync(key, "first", "text/plain", ct);
        var first = await Store.HeadAsync(key, ct);
        await Store.WriteTextAsync(key, "second", "text/plain", ct);

        Assert.Equal(HttpStatusCode.PreconditionFailed, (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => Store.OpenReadAsync(key, first!.ETag, ct))).StatusCode);
        await Store.DeleteAsync(key, ct);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAnyAsync<AmazonS3Exception>(() => Store.OpenReadAsync(key, etag: null, ct))).StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(path);
        await Store.DeleteAsync(key, CancellationToken.None);
    }
}
