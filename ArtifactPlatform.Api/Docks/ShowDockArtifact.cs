using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Api.Docks;

/// <summary>A dock's artifacts in the contract's form.</summary>
internal static class ShowDockArtifact
{
    /// <summary>Without URLs.</summary>
    public static DockArtifactObject ToObject(this DockArtifact artifact) => new()
    {
        Id = artifact.Id,
        DockId = artifact.DockId,
        Filename = artifact.Filename,
        ContentType = artifact.ContentType,
        Size = artifact.SizeBytes ?? artifact.ClaimedSizeBytes,
        Hash = artifact.Hash ?? artifact.ClaimedHash,
        StorageKey = artifact.S3Key,
        Metadata = artifact.Metadata is null ? null : JsonSerializer.Deserialize<JsonElement>(artifact.Metadata),
        IsDuplicate = artifact.IsDuplicate,
        Status = artifact.Status,
        ErrorCode = artifact.ErrorCode,
        ErrorMessage = artifact.ErrorMessage,
        CreatedAt = artifact.CreatedAt,
        UpdatedAt = artifact.UpdatedAt,
        UploadId = artifact.UploadId,
    };

    /// <summary>With an address to read it at, once it is completed.</summary>
    public static DockArtifactObject ToReadableObject(this DockArtifact artifact, ObjectStore store, DateTimeOffset now) => artifact.Status != ArtifactStatus.UploadCompleted
        ? artifact.ToObject()
        : artifact.ToObject() with
        {
            DownloadUrl = store.PresignGet(artifact.S3Key, DockLimits.ListedUrlLifetime, artifact.Filename, artifact.ContentType),
            ExpiresAt = now + DockLimits.ListedUrlLifetime,
        };
}
