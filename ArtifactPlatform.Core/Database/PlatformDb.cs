using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Docks;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Requests;
using ArtifactPlatform.Core.Retention;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Uploads;
using ArtifactPlatform.Core.Users;
using ArtifactPlatform.Core.Usage;
using ArtifactPlatform.Core.Videos;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Database;

/// <summary>The platform's rows. The schema is made by the numbered files in <c>Migrations/</c>, never by this model.</summary>
public sealed class PlatformDb(DbContextOptions<PlatformDb> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<Company> Companies => Set<Company>();

    public DbSet<User> Users => Set<User>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<UsedIdToken> UsedIdTokens => Set<UsedIdToken>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<S3Credentials> S3Credentials => Set<S3Credentials>();

    public DbSet<Artifact> Artifacts => Set<Artifact>();

    public DbSet<RestorableArtifact> RestorableArtifacts => Set<RestorableArtifact>();

    public DbSet<RetentionSettings> RetentionSettings => Set<RetentionSettings>();

    public DbSet<Fragment> Fragments => Set<Fragment>();

    public DbSet<TempUpload> TempUploads => Set<TempUpload>();

    public DbSet<UploadSession> Uploads => Set<UploadSession>();

    public DbSet<Video> Videos => Set<Video>();

    public DbSet<VideoPlaybackId> PlaybackIds => Set<VideoPlaybackId>();

    public DbSet<PlaybackKey> PlaybackKeys => Set<PlaybackKey>();

    public DbSet<Caption> Captions => Set<Caption>();

    public DbSet<Dock> Docks => Set<Dock>();

    public DbSet<MachineClient> MachineClients => Set<MachineClient>();

    public DbSet<DockArtifact> DockArtifacts => Set<DockArtifact>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<StoragePass> StoragePasses => Set<StoragePass>();

    public DbSet<Job> Jobs => Set<Job>();

    public DbSet<EventRow> Events => Set<EventRow>();

    public DbSet<WebhookEndpoint> WebhookEndpoints => Set<WebhookEndpoint>();

    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

    public DbSet<AuditEntry> AuditLog => Set<AuditEntry>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<QuotaLimit> QuotaLimits => Set<QuotaLimit>();

    public DbSet<QuotaCounter> QuotaCounters => Set<QuotaCounter>();

    public DbSet<QuotaReservation> QuotaReservations => Set<QuotaReservation>();

    public DbSet<UsageDay> UsageDays => Set<UsageDay>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PlatformDb).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.ConfigureEnumWords();
}
