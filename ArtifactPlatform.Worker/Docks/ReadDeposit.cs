using System.Security.Cryptography;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Worker.Media;
using Microsoft.AspNetCore.StaticFiles;

namespace ArtifactPlatform.Worker.Docks;

/// <summary>What the stored bytes themselves say.</summary>
public sealed record DepositFacts(long SizeBytes, string Hash, string ContentType);

/// <summary>Reads a stored file once, from its first byte to its last.</summary>
public sealed class ReadDeposit(ObjectStore store)
{
    private const int ReadBufferBytes = 1 << 20;

    private static readonly FileExtensionContentTypeProvider Extensions = new();

    /// <param name="filename">Its extension tells kinds apart that the content does not.</param>
    public async Task<DepositFacts> RunAsync(string key, string filename, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var bytes = await store.OpenReadAsync(key, etag: null, ct);
        var buffer = new byte[ReadBufferBytes];
        var head = await bytes.ReadAtLeastAsync(buffer, ContentSniffer.HeadBytes, throwOnEndOfStream: false, ct);
        var contentType = ContentTypeOf(ContentSniffer.Sniff(buffer.AsSpan(0, head)), filename);
        hash.AppendData(buffer, 0, head);
        long total = head;
        for (int read; (read = await bytes.ReadAsync(buffer, ct)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        return new DepositFacts(total, ContentHash.Of(hash.GetHashAndReset()), contentType);
    }

    /// <summary>Text is text whether it is CSV or HL7, and a DOCX is a ZIP: there the name says more than the content.</summary>
    internal static string ContentTypeOf(SniffedContent content, string filename) =>
        content.Kind is ContentKind.Text or ContentKind.Archive or ContentKind.Unknown && Extensions.TryGetContentType(filename, out var named) ? named : content.ContentType;
}
