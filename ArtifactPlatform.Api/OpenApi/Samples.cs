using System.Text.Json;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Usage;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Contract objects as the document shows them. They are compiled, so they can't fall behind the contract.</summary>
internal static class Samples
{
    public const string ArtifactId = "019bb2a4c1f067d3a85e90b1";
    public const string ApiKeyId = "key_019bb2a4c1f067d3a85e90b2";
    private const string EventId = "evt_00000000002a5f0c81b3d94e";
    private const string CompanyId = "019bb2a4c1f067d3a85e90b3";
    private const string UploadUrl = "https://storage.example.com/artifacts/incoming/019bb2a4c1f067d3a85e90b1/source?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…";
    private const string TempPath = "s3://artifacts/temp/0b9f1c3e-6f0e-4c55-9d0c-4b8f1f1f2a6d/my-video.mp4";

    internal static readonly DateTimeOffset Time = new(2026, 1, 12, 12, 15, 0, TimeSpan.Zero);
    internal static readonly NamedRef User = new("019bb2a4c1f067d3a85e90b4", "Demo User");
    private static readonly NamedRef Company = new(CompanyId, "Demo");

    public static ArtifactObject Created { get; } = new()
    {
        Id = ArtifactId,
        Name = "My Project Video",
        FileName = "My Project Video",
        Type = ArtifactType.Video,
        Status = ArtifactStatus.Created,
        UploadMethod = UploadMethod.DirectUrl,
        S3Path = $"uploads/{ArtifactId}/source_video",
        S3Bucket = "artifacts",
        CreatedAt = Time,
        UpdatedAt = Time,
        Company = Company,
        CreatedBy = User,
        Progress = 0,
        Timings = new ArtifactTimings(),
        Metadata = JsonSerializer.SerializeToElement(new { project = "spring" }),
    };

    public static ArtifactObject Completed { get; } = Created with
    {
        Status = ArtifactStatus.UploadCompleted,
        Size = 6638526,
        Duration = 138.301,
        Progress = 100,
        UpdatedAt = Time.AddSeconds(4),
        ContentType = "video/mp4",
        Hash = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        Timings = new ArtifactTimings { Queued = 12, Fetched = 2931, Probed = 877, Total = 3820 },
        Media = new MediaInfo
        {
            Container = "mp4",
            BitRate = 384002,
            VideoCodec = "h264",
            AudioCodec = "aac",
            Width = 1280,
            Height = 720,
            Rotation = 0,
            FrameRate = 25,
            VariableFrameRate = false,
            Channels = 2,
            SampleRate = 48000,
            Streams =
            [
                new MediaStream { Index = 0, Kind = "video", Codec = "h264", Profile = "High", Width = 1280, Height = 720, PixelFormat = "yuv420p", FrameRate = 25, Duration = 138.28 },
                new MediaStream { Index = 1, Kind = "audio", Codec = "aac", Channels = 2, ChannelLayout = "stereo", SampleRate = 48000, Duration = 138.301 },
            ],
        },
    };

    public static PresignedUpload Upload { get; } = new(ArtifactId, UploadUrl, Time.AddMinutes(15));

    public static PresignedTempUpload TempUpload { get; } = new(TempPath, "https://storage.example.com/artifacts/temp/0b9f1c3e-6f0e-4c55-9d0c-4b8f1f1f2a6d/my-video.mp4?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…", Time.AddHours(24));

    public static DownloadUrl Download { get; } = new($"https://storage.example.com/artifacts/uploads/{ArtifactId}/source_video?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=…", Time.AddMinutes(5));

    public static CreateArtifactRequest ForUpload { get; } = new() { Name = "source_video.mp4", Type = ArtifactType.Video };

    public static CreateArtifactRequest FromUrl { get; } = new() { Name = "My Project Video", Type = ArtifactType.Video, Url = "https://media.example.com/video.mp4", Metadata = Created.Metadata };

    public static CreateArtifactRequest FromS3 { get; } = new() { Name = "My Project Video", Type = ArtifactType.Video, S3Path = TempPath };

    public static CreateArtifactRequest FromFragments { get; } = new()
    {
        Name = "Joined",
        Type = ArtifactType.Audio,
        Fragments =
        [
            new FragmentRequest { Url = "https://media.example.com/1.wav", StartTime = 0 },
            new FragmentRequest { S3Path = "s3://my-bucket/2.wav", StartTime = 61.5, InPoint = 2, OutPoint = 30 },
        ],
    };

    public static PatchArtifactRequest Patch { get; } = new() { Name = "My Project Video (final)", Metadata = Created.Metadata };

    public static PlatformEvent Event { get; } = new()
    {
        Id = EventId,
        Type = EventTypes.ArtifactUploadCompleted,
        CreatedAt = Completed.UpdatedAt,
        CompanyId = CompanyId,
        Data = new EventData(JsonSerializer.SerializeToElement(Completed, ContractJson.Options)),
    };

    public static CreateSessionRequest SignIn { get; } = new() { Email = "demo@example.com", Password = "correct horse battery staple" };

    public static SessionUser SessionUser { get; } = new(User.Id, "Demo User", "demo@example.com", "owner", Company);

    public static SessionCreated Session { get; } = new("ses_…", Time.AddHours(12), SessionUser);

    public static CreateApiKeyRequest NewKey { get; } = new() { Name = "Build server", Scopes = ["artifacts:read", "artifacts:write"], ExpiresAt = Time.AddYears(1) };

    public static ApiKeyObject ApiKey { get; } = new() { Id = ApiKeyId, Name = "Build server", Prefix = "ak_live_Zk3v", Scopes = ["artifacts:read", "artifacts:write"], CreatedAt = Time, LastUsedAt = Time.AddDays(1), ExpiresAt = Time.AddYears(1), CreatedBy = User, HasS3Credentials = true };

    public static CreatedApiKey CreatedKey { get; } = new() { Id = ApiKeyId, Name = "Build server", Prefix = "ak_live_Zk3v", Scopes = ["artifacts:read", "artifacts:write"], CreatedAt = Time, ExpiresAt = Time.AddYears(1), CreatedBy = User, HasS3Credentials = false, Key = "ak_live_Zk3v…" };

    public static AuditEntryObject AuditEntry { get; } = new()
    {
        Id = "aud_019bb2a4c1f067d3a85e90b7", Actor = new AuditActor(AuditActorType.User, User.Id, User.Name), Action = "api_key.created", SubjectId = ApiKeyId,
        Details = JsonSerializer.SerializeToElement(new { name = "Build server", prefix = "ak_live_Zk3v" }), RequestId = "req_019bb2a4c1f067d3a85e90b5", CreatedAt = Time,
    };

    public static UsageReport Usage { get; } = new(
        new UsageQuotas(new CountQuota(Used: 6_638_526, Reserved: 734_003_200, Limit: 1_000_000_000_000), new MinuteQuota(Used: 2.305, Reserved: 0, Limit: 600), new CountQuota(Used: 41, Reserved: 0, Limit: null)),
        [new UsageOfDay(new DateOnly(2026, 1, 11), 0, 0, 0, 0), new UsageOfDay(new DateOnly(2026, 1, 12), StoredBytes: 6_638_526, IngestedBytes: 6_638_526, EncodeMinutes: 2.305, Views: 41)]);

    public static PutS3CredentialsRequest PutCredentials { get; } = new() { AccessKeyId = "AKIAIOSFODNN7EXAMPLE", SecretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", Region = "eu-central-1" };

    public static S3CredentialsObject Credentials { get; } = new() { AccessKeyId = "AKIAIOSFODNN7EXAMPLE", Region = "eu-central-1", HasSessionToken = false, CreatedAt = Time, UpdatedAt = Time };
}
