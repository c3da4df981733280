using System.Text.Json;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Client.OAuth;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Docks, machine clients and tokens as the document shows them.</summary>
internal static class DockSamples
{
    private const string DockId = "dock_019bb2a4c1f067d3a85e90c1";
    private const string ClientId = "client_019bb2a4c1f067d3a85e90c2";
    private const string ArtifactId = "art_019bb2a4c1f067d3a85e90c3";
    private const string UploadId = "upload_019bb2a4c1f067d3a85e90c4";
    private const string Hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    private const string Platform = "https://platform.example.com";

    private static readonly DateTimeOffset Time = new(2026, 1, 12, 12, 15, 0, TimeSpan.Zero);
    private static readonly NamedRef User = new("019bb2a4c1f067d3a85e90b4", "Demo User");

    public static CreateDockRequest NewDock { get; } = new() { Name = "Radiology", MaxSizeBytes = 50_000_000 };

    public static DockObject Dock { get; } = new() { Id = DockId, Name = "Radiology", MaxSizeBytes = 50_000_000, CreatedAt = Time, UpdatedAt = Time, CreatedBy = User };

    public static CreateMachineClientRequest NewClient { get; } = new() { Name = "EHR export", Scopes = ["artifacts:write", "artifacts:read"] };

    public static MachineClientObject Client { get; } = new() { ClientId = ClientId, DockId = DockId, Name = "EHR export", Scopes = ["artifacts:write", "artifacts:read"], CreatedAt = Time, LastUsedAt = Time.AddDays(1), CreatedBy = User };

    public static CreatedMachineClient CreatedClient { get; } = new(Client) { LastUsedAt = null, ClientSecret = "mcs_Zk3v…" };

    public static TokenRequest TokenRequest { get; } = new() { GrantType = "client_credentials", ClientId = ClientId, ClientSecret = "mcs_Zk3v…", Scope = "artifacts:write" };

    public static TokenResponse Token { get; } = new("eyJhbGciOiJSUzI1NiIsImtpZCI6…", "Bearer", 3600, "artifacts:write");

    public static JwkSet Keys { get; } = new([new Jwk("RSA", "sig", "RS256", "sk_019bb2a4c1f067d3a85e90c5", "yJ3k…", "AQAB")]);

    public static AuthorizationServerMetadata Server { get; } = new()
    {
        Issuer = Platform,
        TokenEndpoint = $"{Platform}/api/v1/oauth/token",
        JwksUri = $"{Platform}/.well-known/jwks.json",
        GrantTypesSupported = ["client_credentials"],
        ResponseTypesSupported = [],
        TokenEndpointAuthMethodsSupported = ["client_secret_basic", "client_secret_post"],
        ScopesSupported = ["artifacts:write", "artifacts:read"],
    };

    public static CreateDockArtifactRequest Deposit { get; } = new() { Filename = "report.pdf", ContentType = "application/pdf", Size = 48_213, Hash = Hash, Metadata = JsonSerializer.SerializeToElement(new { patientId = "P-1042", documentType = "radiology" }) };

    public static DockArtifactObject Announced { get; } = new()
    {
        Id = ArtifactId,
        DockId = DockId,
        Filename = "report.pdf",
        ContentType = "application/pdf",
        Size = 48_213,
        Hash = Hash,
        StorageKey = $"docks/{ArtifactId}/content.pdf",
        Metadata = Deposit.Metadata,
        IsDuplicate = false,
        Status = ArtifactStatus.Created,
        CreatedAt = Time,
        UpdatedAt = Time,
        UploadId = UploadId,
        UploadUrl = $"https://storage.example.com/artifacts/incoming/{ArtifactId}/source?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…",
    };

    public static DockArtifactObject Completed { get; } = Announced with
    {
        Status = ArtifactStatus.UploadCompleted,
        UpdatedAt = Time.AddSeconds(2),
        UploadUrl = null,
        DownloadUrl = $"https://storage.example.com/artifacts/docks/{ArtifactId}/content.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…",
        ExpiresAt = Time.AddHours(1),
    };

    public static DockArtifactBatch Batch
    {
        get
        {
            var refused = Error.InvalidParameter("filename", "The filename field is required.");
            return new(
            [
                new DockArtifactBatchItem(201, Announced, null),
                new DockArtifactBatchItem(400, null, new ApiError { Type = refused.Type, Code = refused.Code, Message = refused.Message, Param = refused.Param, RequestId = "req_019bb2a4c1f067d3a85e90b5" }),
            ]);
        }
    }

    public static DockDownload Download { get; } = new($"https://storage.example.com/artifacts/docks/{ArtifactId}/content.pdf?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…", Time.AddMinutes(5), Hash, 48_213);

    public static DockUploadObject Upload { get; } = new()
    {
        Id = UploadId, ArtifactId = ArtifactId, DockId = DockId, Status = ArtifactStatus.UploadCompleted, Bytes = 48_213, ExpiresAt = Time.AddMinutes(15), UploadedAt = Time.AddSeconds(1), CreatedAt = Time, UpdatedAt = Time.AddSeconds(2),
    };

    public static DockUploadObject FailedUpload { get; } = Upload with { Status = ArtifactStatus.UploadFailed, Bytes = null, Error = new DockUploadError("size_mismatch", "The file has 48211 bytes, not 48213 as was said. Check the file and the size, and create the artifact anew.") };
}
