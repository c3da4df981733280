using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Webhooks;

/// <summary>One event that one endpoint is to get, with the last answer to it. Written by <see cref="QueueDeliveries"/> and the worker, in SQL.</summary>
public sealed class WebhookDelivery
{
    private WebhookDelivery()
    {
    }

    public string Id { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public string EndpointId { get; private set; } = "";

    public string EventId { get; private set; } = "";

    /// <summary>Its place in the company's event log; null for a test, which that knows nothing of.</summary>
    public long? EventSequence { get; private set; }

    public string EventType { get; private set; } = "";

    public WebhookTrigger Trigger { get; private set; }

    public WebhookDeliveryStatus Status { get; private set; }

    /// <summary>How often it has been sent, or was about to be.</summary>
    public int Attempt { get; private set; }

    /// <summary>How many attempts of the schedule it has had; those that a replay asked for are beside it.</summary>
    public int Step { get; private set; }

    /// <summary>When it was due before a replay hurried it: that is when it is due again if the replay's attempt fails.</summary>
    public DateTimeOffset? HurriedFrom { get; private set; }

    /// <summary>Its endpoint was disabled while it was being sent: it is tried no more.</summary>
    public bool IsGivenUp { get; private set; }

    /// <summary>While it is being sent, when its lease ends: a dead worker's deliveries come due by themselves.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>Random per attempt: whoever has another one has lost the delivery.</summary>
    public string? LeaseToken { get; private set; }

    public DateTimeOffset? AttemptedAt { get; private set; }

    public int? DurationMs { get; private set; }

    public int? ResponseStatus { get; private set; }

    public string? ResponseBody { get; private set; }

    public string? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<WebhookDelivery>
    {
        public void Configure(EntityTypeBuilder<WebhookDelivery> builder)
        {
            builder.ToTable("webhook_deliveries");
            builder.HasOne<Company>().WithMany().HasForeignKey(d => d.CompanyId);
            builder.HasOne<WebhookEndpoint>().WithMany().HasForeignKey(d => d.EndpointId);
            builder.Property(d => d.Id).HasMaxLength(64);
            builder.Property(d => d.CompanyId).HasMaxLength(64);
            builder.Property(d => d.EndpointId).HasMaxLength(64);
            builder.Property(d => d.EventId).HasMaxLength(64);
            builder.Property(d => d.EventType).HasMaxLength(64);
            builder.Property(d => d.LeaseToken).HasMaxLength(64);
            builder.Property(d => d.ResponseBody).HasMaxLength(WebhookLimits.MaxResponseBytes);
            builder.Property(d => d.ErrorCode).HasMaxLength(64);
            builder.Property(d => d.ErrorMessage).HasMaxLength(2000);
        }
    }
}
