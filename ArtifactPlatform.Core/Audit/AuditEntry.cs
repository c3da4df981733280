using System.Text.Json;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Audit;

/// <summary>One line of who did what. Added in the transaction that does it; the database refuses to change or remove one.</summary>
public sealed class AuditEntry
{
    private AuditEntry()
    {
    }

    /// <param name="details">What a person needs to know what it was about once that is gone: names, scopes. Never a secret.</param>
    public AuditEntry(string companyId, AuditActorType actorType, string actorId, string action, string subjectId, object details, string requestId, DateTimeOffset now)
    {
        Id = Ids.New("aud", now);
        CompanyId = companyId;
        ActorType = actorType;
        ActorId = actorId;
        Action = action;
        SubjectId = subjectId;
        Details = JsonSerializer.Serialize(details, ContractJson.Options);
        RequestId = requestId;
        CreatedAt = now;
    }

    /// <summary>What the platform does by itself, by a rule that the company has set.</summary>
    /// <param name="rule"><c>expires_at</c> or <c>retention</c>.</param>
    public static AuditEntry ByRule(string rule, ArtifactObject deleted, DateTimeOffset now) =>
        new(deleted.Company.Id, AuditActorType.Platform, rule, AuditActions.ArtifactDeleted, deleted.Id, new { deleted.Name, deleted.Size, deleted.Hash }, "", now);

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public AuditActorType ActorType { get; private set; }

    /// <summary>Of the user or the API key, or the rule's name where the platform does it.</summary>
    public string ActorId { get; private set; } = "";

    /// <summary>From <see cref="AuditActions"/>.</summary>
    public string Action { get; private set; } = "";

    public string SubjectId { get; private set; } = "";

    /// <summary>A JSON object.</summary>
    public string Details { get; private set; } = "{}";

    public string RequestId { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<AuditEntry>
    {
        public void Configure(EntityTypeBuilder<AuditEntry> builder)
        {
            builder.ToTable("audit_log");
            builder.HasOne<Company>().WithMany().HasForeignKey(e => e.CompanyId);
            builder.Property(e => e.Id).HasMaxLength(64);
            builder.Property(e => e.CompanyId).HasMaxLength(64);
            builder.Property(e => e.ActorId).HasMaxLength(64);
            builder.Property(e => e.Action).HasMaxLength(64);
            builder.Property(e => e.SubjectId).HasMaxLength(64);
            builder.Property(e => e.Details).HasColumnType("jsonb").HasMaxLength(8192);
            builder.Property(e => e.RequestId).HasMaxLength(64);
        }
    }
}

/// <summary>What is written to the audit log.</summary>
public static class AuditActions
{
    public const string ApiKeyCreated = "api_key.created";
    public const string ApiKeyRotated = "api_key.rotated";
    public const string ApiKeyRevoked = "api_key.revoked";
    public const string S3CredentialsAttached = "s3_credentials.attached";
    public const string S3CredentialsTested = "s3_credentials.tested";
    public const string S3CredentialsRemoved = "s3_credentials.removed";
    public const string PlaybackKeyCreated = "playback_key.created";
    public const string PlaybackKeyDeleted = "playback_key.deleted";
    public const string InvitationCreated = "invitation.created";
    public const string InvitationRevoked = "invitation.revoked";
    public const string UserJoined = "user.joined";
    public const string UserRenamed = "user.renamed";
    public const string UserRoleChanged = "user.role_changed";
    public const string UserRemoved = "user.removed";
    public const string UserLocked = "user.locked";
    public const string UserLinked = "user.linked";
    public const string PasswordChanged = "user.password_changed";
    public const string SessionsRevoked = "sessions.revoked";
    public const string ArtifactDeleted = "artifact.deleted";
    public const string ArtifactRestored = "artifact.restored";
    public const string RetentionChanged = "retention.changed";
    public const string VideoDeleted = "video.deleted";
    public const string DockCreated = "dock.created";
    public const string DockChanged = "dock.changed";
    public const string DockDeleted = "dock.deleted";
    public const string MachineClientCreated = "machine_client.created";
    public const string MachineClientRotated = "machine_client.rotated";
    public const string MachineClientDeleted = "machine_client.deleted";
    public const string DockArtifactDeleted = "dock_artifact.deleted";
    public const string WebhookEndpointCreated = "webhook_endpoint.created";
    public const string WebhookEndpointChanged = "webhook_endpoint.changed";
    public const string WebhookEndpointDeleted = "webhook_endpoint.deleted";
    public const string WebhookSecretRotated = "webhook_secret.rotated";
    public const string WebhookEventsReplayed = "webhook_events.replayed";
}
