using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Artifacts;

/// <summary>Takes the store's bucket notifications (Amazon S3 event message structure 2.x; Ceph and MinIO send the same).</summary>
internal static class ReceiveStoreEvents
{
    public static async Task<Results<Ok, UnauthorizedError>> Handle(string? token, HttpRequest request, IOptions<StorageOptions> storage, NoticeUploads uploads, CancellationToken ct)
    {
        if (storage.Value.EventsToken is not { Length: > 0 } expected || !IsSame(token ?? "", expected))
        {
            return new UnauthorizedError(Error.TokenUnknown());
        }

        try
        {
            var message = await JsonSerializer.DeserializeAsync<Message>(request.Body, JsonSerializerOptions.Web, ct);
            foreach (var record in message?.Records ?? [])
            {
                if (record?.S3?.Bucket?.Name == storage.Value.Bucket
                    && record.S3.Object?.Key is { } key
                    && ObjectKeys.IncomingArtifact(WebUtility.UrlDecode(key)) is { } artifactId)
                {
                    uploads.Look(artifactId);
                }
            }
        }
        catch (JsonException)
        {
            // The store would only send it again; the sweep finds what it was about.
        }

        return TypedResults.Ok();
    }

    /// <summary>Compares hashes, so that neither content nor length of the token shows in the time it takes.</summary>
    private static bool IsSame(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private sealed record Message(IReadOnlyList<MessageRecord?>? Records);

    private sealed record MessageRecord(S3Part? S3);

    private sealed record S3Part(BucketPart? Bucket, ObjectPart? Object);

    private sealed record BucketPart(string? Name);

    private sealed record ObjectPart(string? Key);
}
