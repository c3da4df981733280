using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Storage;

/// <summary>Where the storage reconciler is in a bucket, and what its last whole pass found; one row a bucket, changed in SQL by whoever has the lease.</summary>
public sealed class StoragePass
{
    private StoragePass()
    {
    }

    public string Bucket { get; private set; } = "";

    /// <summary>The last key that was looked at; empty at the start.</summary>
    public string Cursor { get; private set; } = "";

    public string? LeaseToken { get; private set; }

    public DateTimeOffset? LeaseUntil { get; private set; }

    /// <summary>Null while no pass is under way.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    public long Objects { get; private set; }

    public long Orphans { get; private set; }

    public long OrphanBytes { get; private set; }

    public long Removed { get; private set; }

    public long Missing { get; private set; }

    public DateTimeOffset? FinishedAt { get; private set; }

    public long LastObjects { get; private set; }

    /// <summary>Objects without rows in the last whole pass, those that it removed among them.</summary>
    public long LastOrphans { get; private set; }

    public long LastOrphanBytes { get; private set; }

    public long LastRemoved { get; private set; }

    /// <summary>Rows without objects in the last whole pass.</summary>
    public long LastMissing { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<StoragePass>
    {
        public void Configure(EntityTypeBuilder<StoragePass> builder)
        {
            builder.ToTable("storage_passes");
            builder.HasKey(p => p.Bucket);
            builder.Property(p => p.Bucket).HasMaxLength(63);
            builder.Property(p => p.Cursor).HasMaxLength(1024);
            builder.Property(p => p.LeaseToken).HasMaxLength(64);
        }
    }
}
