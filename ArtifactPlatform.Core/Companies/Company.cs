using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ArtifactPlatform.Core.Companies;

/// <summary>The tenant: everything else belongs to exactly one.</summary>
public sealed class Company
{
    private Company()
    {
    }

    public Company(string name, DateTimeOffset now)
    {
        Id = Ids.New(now);
        Name = name;
        CreatedAt = now;
    }

    public string Id { get; private set; } = "";

    public string Name { get; private set; } = "";

    public DateTimeOffset CreatedAt { get; private set; }

    private sealed class Configuration : IEntityTypeConfiguration<Company>
    {
        public void Configure(EntityTypeBuilder<Company> builder)
        {
            builder.ToTable("companies");
            builder.Property(c => c.Id).HasMaxLength(64);
            builder.Property(c => c.Name).HasMaxLength(255);
        }
    }
}
