using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Events;

/// <summary>One entry of the append-only event log; written by <see cref="EventLog"/> alone.</summary>
public sealed class EventRow
{
    private EventRow()
    {
    }

    public string CompanyId { get; private set; } = "";

    /// <summary>1, 2, 3, … within the company, in the order in which they became visible.</summary>
    public long Sequence { get; private set; }

    public string Id { get; private set; } = "";

    public string Type { get; private set; } = "";

    /// <summary>Id of the thing that the event is about.</summary>
    public string SubjectId { get; private set; } = "";

    /// <summary>The thing right after the change, as JSON.</summary>
    public string Object { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<EventRow>
    {
        public void Configure(EntityTypeBuilder<EventRow> builder)
        {
            builder.ToTable("events");
            builder.HasKey(e => new { e.CompanyId, e.Sequence });
            builder.Property(e => e.CompanyId).HasMaxLength(64);
            builder.Property(e => e.Id).HasMaxLength(64);
            builder.Property(e => e.Type).HasMaxLength(64);
            builder.Property(e => e.SubjectId).HasMaxLength(64);
            builder.Property(e => e.Object).HasColumnType("jsonb").HasMaxLength(1 << 20);
        }
    }
}
