using System.Net;
using System.Net.Http.Headers;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Reads pieces of a file or of an object behind a presigned address.</summary>
public sealed class RangeReader(IHttpClientFactory clients, FfmpegOptions options)
{
    /// <returns>Up to <paramref name="count"/> bytes: fewer at the end, none behind it.</returns>
    /// <exception cref="MediaSourceException">The bytes can't be had at the moment.</exception>
    public async Task<byte[]> ReadAsync(MediaInput input, long offset, int count, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            return input.Url is { } url ? await ReadUrlAsync(url, offset, count, ct) : await ReadFileAsync(input.FilePath ?? "", offset, count, ct);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or UnauthorizedAccessException && e is not MediaSourceException)
        {
            throw new MediaSourceException($"The file can't be read at the moment: {RedactUrls.In(e.Message)}", e);
        }
        catch (OperationCanceledException e) when (!ct.IsCancellationRequested)
        {
            throw new MediaSourceException("The store did not answer in time.", e);
        }
    }

    private async Task<byte[]> ReadUrlAsync(Uri url, long offset, int count, CancellationToken ct)
    {
        using var client = clients.CreateClient(nameof(RangeReader));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(options.StallTimeLimit);
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.Range = new RangeHeaderValue(offset, offset + count - 1);
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            return [];
        }

        if (!response.IsSuccessStatusCode || (response.StatusCode != HttpStatusCode.PartialContent && offset > 0))
        {
            throw new MediaSourceException($"The store answered {(int)response.StatusCode} to a read.");
        }

        await using var body = await response.Content.ReadAsStreamAsync(limit.Token);
        return await TakeAsync(body, count, limit.Token);
    }

    private static async Task<byte[]> ReadFileAsync(string path, long offset, int count, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, useAsync: true);
        file.Position = offset;
        return await TakeAsync(file, count, ct);
    }

    private static async Task<byte[]> TakeAsync(Stream stream, int count, CancellationToken ct)
    {
        var bytes = new byte[count];
        var got = await stream.ReadAtLeastAsync(bytes, count, throwOnEndOfStream: false, ct);
        return got == count ? bytes : bytes[..got];
    }
}
