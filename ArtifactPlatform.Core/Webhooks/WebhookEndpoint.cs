using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Webhooks;

/// <summary>An address of a company that its events are posted to, and how far it has got in the event log.</summary>
public sealed class WebhookEndpoint
{
    private WebhookEndpoint()
    {
    }

    /// <param name="protectedSecret">Encrypted: signing needs the secret itself, so that a hash would not do.</param>
    /// <param name="position">The company's last event: the endpoint gets those behind it.</param>
    public WebhookEndpoint(string companyId, string userId, string url, string? description, IEnumerable<string> events, string protectedSecret, long position, DateTimeOffset now)
    {
        Id = Ids.New("we", now);
        CompanyId = companyId;
        UserId = userId;
        Url = url;
        Description = description;
        EventList = [.. events];
        ProtectedSecret = protectedSecret;
        Position = position;
        CreatedAt = UpdatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    /// <summary>Who made it.</summary>
    public string UserId { get; private set; } = "";

    public string Url { get; private set; } = "";

    public string? Description { get; private set; }

    /// <summary>As <c>EventFilter</c> has them.</summary>
    public List<string> EventList { get; private set; } = [];

    public WebhookEndpointStatus Status { get; private set; } = WebhookEndpointStatus.Enabled;

    public WebhookDisabledReason? DisabledReason { get; private set; }

    public DateTimeOffset? DisabledAt { get; private set; }

    /// <summary>When the first attempt failed since the last that succeeded.</summary>
    public DateTimeOffset? FailingSince { get; private set; }

    /// <summary>Failed attempts since then.</summary>
    public int FailureCount { get; private set; }

    public string ProtectedSecret { get; private set; } = "";

    public string? PreviousProtectedSecret { get; private set; }

    /// <summary>Until when that one signs beside the new one.</summary>
    public DateTimeOffset? PreviousExpiresAt { get; private set; }

    /// <summary>All events of the company up to this number have their deliveries.</summary>
    public long Position { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<WebhookEndpoint>
    {
        public void Configure(EntityTypeBuilder<WebhookEndpoint> builder)
        {
            builder.ToTable("webhook_endpoints");
            builder.HasOne<Company>().WithMany().HasForeignKey(e => e.CompanyId);
            builder.HasOne<User>().WithMany().HasForeignKey(e => e.UserId);
            builder.Property(e => e.Id).HasMaxLength(64);
            builder.Property(e => e.CompanyId).HasMaxLength(64);
            builder.Property(e => e.UserId).HasMaxLength(64);
            builder.Property(e => e.Url).HasMaxLength(2048);
            builder.Property(e => e.Description).HasMaxLength(255);
            builder.Property(e => e.EventList).HasColumnName("events");
            builder.Property(e => e.ProtectedSecret).HasMaxLength(4096);
            builder.Property(e => e.PreviousProtectedSecret).HasMaxLength(4096);
        }
    }
}
