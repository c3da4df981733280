using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Network;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>Downloads from addresses that customers name: GET alone, redirects followed by hand, every connection through the guard.</summary>
public sealed class UrlSource : IDisposable
{
    private const int MaxRedirects = 5;

    /// <summary>A wait that a busy server asks for is kept up to this.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    private readonly IngestOptions options;
    private readonly TimeProvider clock;
    private readonly HttpClient client;

    public UrlSource(IOptions<IngestOptions> options, TimeProvider clock)
    {
        this.options = options.Value;
        this.clock = clock;
        // The time limit is the reader's: a large file may take hours as long as it keeps coming.
        client = new HttpClient(this.options.CreateGuard().CreateHandler()) { Timeout = Timeout.InfiniteTimeSpan };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("ArtifactPlatform", "1.0"));
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>Opens the address and reads it as one stream that mends its own breaks.</summary>
    /// <exception cref="IngestFailedException">The address will not give the file.</exception>
    /// <exception cref="IngestDelayedException">It can't at the moment.</exception>
    public async Task<OpenSource> OpenAsync(string url, CancellationToken ct)
    {
        var download = new Download(this, new Uri(url));
        var stream = new ResumingStream(download.OpenAsync, e => Explain(download.Host, e), options.IdleTimeout, clock);
        await stream.ConnectAsync(ct);
        if (download.TotalBytes > options.MaxSizeBytes)
        {
            await stream.DisposeAsync();
            throw TooLarge(options.MaxSizeBytes);
        }

        return new OpenSource(stream, download.TotalBytes);
    }

    public void Dispose() => client.Dispose();

    internal static IngestFailedException TooLarge(long maxBytes) =>
        new("too_large", string.Create(CultureInfo.InvariantCulture, $"The file is larger than the limit of {maxBytes:N0} bytes. Send a smaller one."));

    /// <summary>Turns what HTTP and sockets throw into a sentence for the person who gave the address.</summary>
    private static Exception Explain(string host, Exception e) => e switch
    {
        IngestFailedException or IngestDelayedException => e,
        _ when Find<ForbiddenAddressException>(e) is { } forbidden =>
            new IngestFailedException("forbidden_address", $"{forbidden.Host} leads to a private or local address, which may not be fetched. Use a public address, or have the operator allow its network."),
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } =>
            new IngestFailedException("tls_error", $"No secure connection to {host} could be made; check the server's certificate."),
        _ when Find<SocketException>(e)?.SocketErrorCode == SocketError.HostNotFound =>
            new IngestFailedException("host_not_found", $"The host {host} does not exist; check the address for a typing error."),
        HttpRequestException or IOException or OperationCanceledException =>
            new IngestDelayedException("source_unreachable", $"{host} could not be reached or broke off the transfer again and again. Check that it is up and reachable from the platform, then retry."),
        _ => e,
    };

    private static T? Find<T>(Exception? e) where T : Exception
    {
        while (e is not null and not T)
        {
            e = e.InnerException;
        }

        return e as T;
    }

    /// <summary>One file at one address, over all its connections: remembers what identifies the file, so that a resume never mixes two versions.</summary>
    private sealed class Download(UrlSource owner, Uri start)
    {
        private EntityTagHeaderValue? etag;
        private DateTimeOffset? lastModified;
        private bool noRanges;
        private PrefixChecksum? received;

        /// <summary>Who was asked last: behind a redirect it is that host which fails.</summary>
        public string Host { get; private set; } = start.Host;

        /// <summary>Null while the server has not said.</summary>
        public long? TotalBytes { get; private set; }

        public async Task<Stream> OpenAsync(long offset, CancellationToken ct)
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
            deadline.CancelAfter(owner.options.IdleTimeout);
            var response = await SendAsync(noRanges ? 0 : offset, deadline.Token);
            if (offset > 0 && response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                // It boasted of ranges and has none, or holds another file by now: the whole file's validators tell which.
                response.Dispose();
                noRanges = true;
                response = await SendAsync(0, deadline.Token);
            }

            try
            {
                Check(response, offset);
                var body = await response.Content.ReadAsStreamAsync(ct);
                if (offset > 0 && response.StatusCode == HttpStatusCode.OK)
                {
                    await SkipAsync(response, body, offset, ct);
                }

                return received is null ? body : received.Follow(body);
            }
            catch
            {
                response.Dispose();
                throw;
            }
        }

        private async Task<HttpResponseMessage> SendAsync(long offset, CancellationToken ct)
        {
            var address = start;
            Host = start.Host;
            for (var hop = 0; hop <= MaxRedirects; hop++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, address);
                if (offset > 0)
                {
                    request.Headers.Range = new RangeHeaderValue(offset, null);
                    request.Headers.IfRange = etag is { IsWeak: false } ? new RangeConditionHeaderValue(etag) : lastModified is { } date ? new RangeConditionHeaderValue(date) : null;
                }

                var response = await owner.client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
                if (response.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect))
                {
                    return response;
                }

                using (response)
                {
                    address = Next(address, response);
                }

                Host = address.Host;
            }

            throw new IngestFailedException("too_many_redirects", $"{start.Host} redirects more than {MaxRedirects} times. Give the final address.");
        }

        private static Uri Next(Uri address, HttpResponseMessage redirect)
        {
            // An empty one would lead to the address itself.
            var location = redirect.Headers.Location;
            return location is { OriginalString: not "" } && Uri.TryCreate(address, location, out var next) && (next.Scheme == Uri.UriSchemeHttp || next.Scheme == Uri.UriSchemeHttps) && next.UserInfo.Length == 0
                ? next
                : throw new IngestFailedException("bad_redirect", $"{address.Host} redirects to something that is no http or https address without a user name. Give the address of the file itself.");
        }

        private void Check(HttpResponseMessage response, long offset)
        {
            var status = (int)response.StatusCode;
            if (response.IsSuccessStatusCode && response.Content.Headers.ContentEncoding.Any(coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            {
                throw new IngestFailedException("source_compressed", $"{Host} sends the file compressed ({string.Join(", ", response.Content.Headers.ContentEncoding)}) although it was asked not to. Switch that off for this file, or give another address.");
            }

            switch (status)
            {
                case 200 when offset == 0:
                    etag = response.Headers.ETag;
                    lastModified = response.Content.Headers.LastModified;
                    TotalBytes = response.Content.Headers.ContentLength;
                    // Nothing tells whether a later answer is of the same file: then its beginning has to be compared.
                    received = etag is null && lastModified is null ? new PrefixChecksum() : null;
                    noRanges |= received is not null;
                    break;
                case 200:
                    break;
                case 206 when offset > 0:
                    var range = response.Content.Headers.ContentRange;
                    if (range?.From != offset || (TotalBytes is { } total && range.Length is { } length && length != total) || IsAnother(response))
                    {
                        throw Changed();
                    }

                    break;
                case 408 or 425 or 429 or >= 500:
                    throw new IngestDelayedException("source_http_error", $"{Host} answered with HTTP {status} again and again. Retry when it is well.", RetryAfter(response));
                case 401 or 403:
                    throw new IngestFailedException("source_http_error", $"{Host} refused access (HTTP {status}). Give an address that works without signing in, such as a presigned URL that has not expired.");
                case 404 or 410:
                    throw new IngestFailedException("source_http_error", $"There is no file at this address (HTTP {status} from {Host}). Check the address.");
                default:
                    throw new IngestFailedException("source_http_error", $"{Host} did not give the file: it answered with HTTP {status}.");
            }
        }

        /// <summary>Says so itself: not every server minds <c>If-Range</c>.</summary>
        private bool IsAnother(HttpResponseMessage response) => etag is not null
            ? response.Headers.ETag is { } now && !now.Equals(etag)
            : response.Content.Headers.LastModified is { } modified && modified != lastModified;

        /// <summary>The server sent the file from its start again: pass over what is there, if it is the same file.</summary>
        private async Task SkipAsync(HttpResponseMessage response, Stream body, long offset, CancellationToken ct)
        {
            var same = received is not null || (etag is not null ? etag.Equals(response.Headers.ETag) : lastModified is not null && lastModified == response.Content.Headers.LastModified);
            if (!same)
            {
                throw Changed();
            }

            var again = new PrefixChecksum();
            var waste = new byte[64 << 10];
            for (var left = offset; left > 0;)
            {
                var read = await body.ReadAsync(waste.AsMemory(0, (int)Math.Min(waste.Length, left)), ct);
                if (read == 0)
                {
                    throw Changed();
                }

                again.Add(waste.AsSpan(0, read));
                left -= read;
            }

            if (received is not null && received.Value != again.Value)
            {
                throw Changed();
            }
        }

        private IngestDelayedException Changed() => new("source_changed", $"The transfer from {Host} broke off, and the server could not continue the same file. Retry, or give an address whose server supports ranges.");

        private TimeSpan? RetryAfter(HttpResponseMessage response)
        {
            var asked = response.Headers.RetryAfter;
            var wait = asked?.Delta ?? (asked?.Date - owner.clock.GetUtcNow());
            return wait is null || wait < TimeSpan.Zero ? null : wait < MaxRetryAfter ? wait : MaxRetryAfter;
        }
    }
}
