using ArtifactPlatform.Core.Companies;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Usage;

/// <summary>What a company may use of one kind, where that differs from the default.</summary>
public sealed class QuotaLimit
{
    private QuotaLimit()
    {
    }

    public string CompanyId { get; private set; } = "";

    public UsageKind Kind { get; private set; }

    /// <summary><see cref="QuotaOptions.Unlimited"/> for no limit.</summary>
    public long Most { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<QuotaLimit>
    {
        public void Configure(EntityTypeBuilder<QuotaLimit> builder)
        {
            builder.ToTable("quota_limits");
            builder.HasKey(l => new { l.CompanyId, l.Kind });
            builder.HasOne<Company>().WithMany().HasForeignKey(l => l.CompanyId);
            builder.Property(l => l.CompanyId).HasMaxLength(64);
        }
    }
}

/// <summary>What a company has used and reserved of one kind in one period. Its row is the lock under which quotas are kept.</summary>
public sealed class QuotaCounter
{
    private QuotaCounter()
    {
    }

    public string CompanyId { get; private set; } = "";

    public UsageKind Kind { get; private set; }

    public DateOnly Period { get; private set; }

    public long Used { get; private set; }

    public long Reserved { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<QuotaCounter>
    {
        public void Configure(EntityTypeBuilder<QuotaCounter> builder)
        {
            builder.ToTable("quota_counters");
            builder.HasKey(c => new { c.CompanyId, c.Kind, c.Period });
            builder.HasOne<Company>().WithMany().HasForeignKey(c => c.CompanyId);
            builder.Property(c => c.CompanyId).HasMaxLength(64);
        }
    }
}

/// <summary>What one artifact or run of a video holds of a counter.</summary>
public sealed class QuotaReservation
{
    private QuotaReservation()
    {
    }

    public UsageKind Kind { get; private set; }

    public string SubjectId { get; private set; } = "";

    public string CompanyId { get; private set; } = "";

    public DateOnly Period { get; private set; }

    public long Amount { get; private set; }

    /// <summary>Counted as used rather than as reserved.</summary>
    public bool Settled { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<QuotaReservation>
    {
        public void Configure(EntityTypeBuilder<QuotaReservation> builder)
        {
            builder.ToTable("quota_reservations");
            builder.HasKey(r => new { r.Kind, r.SubjectId });
            builder.HasOne<Company>().WithMany().HasForeignKey(r => r.CompanyId);
            builder.Property(r => r.SubjectId).HasMaxLength(80);
            builder.Property(r => r.CompanyId).HasMaxLength(64);
        }
    }
}

/// <summary>What was used on one day (UTC); of a level, how it changed.</summary>
public sealed class UsageDay
{
    private UsageDay()
    {
    }

    public string CompanyId { get; private set; } = "";

    public UsageKind Kind { get; private set; }

    public DateOnly Day { get; private set; }

    public long Amount { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<UsageDay>
    {
        public void Configure(EntityTypeBuilder<UsageDay> builder)
        {
            builder.ToTable("usage_days");
            builder.HasKey(d => new { d.CompanyId, d.Kind, d.Day });
            builder.HasOne<Company>().WithMany().HasForeignKey(d => d.CompanyId);
            builder.Property(d => d.CompanyId).HasMaxLength(64);
        }
    }
}
