using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Docks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Docks;

/// <summary>Docks and machine clients in the contract's form, with the names of those who made them.</summary>
internal static class ShowDock
{
    /// <summary>Keeps the order.</summary>
    public static IQueryable<DockObject> Show(PlatformDb db, IQueryable<Dock> docks) => docks.AsNoTracking().Select(d => new DockObject
    {
        Id = d.Id,
        Name = d.Name,
        MaxSizeBytes = d.MaxSizeBytes,
        CreatedAt = d.CreatedAt,
        UpdatedAt = d.UpdatedAt,
        CreatedBy = new NamedRef(d.UserId, db.Users.Where(u => u.Id == d.UserId).Select(u => u.Name).SingleOrDefault()),
    });

    /// <summary>Keeps the order.</summary>
    public static IQueryable<MachineClientObject> Show(PlatformDb db, IQueryable<MachineClient> clients) => clients.AsNoTracking().Select(c => new MachineClientObject
    {
        ClientId = c.Id,
        DockId = c.DockId,
        Name = c.Name,
        Scopes = c.ScopeList,
        CreatedAt = c.CreatedAt,
        LastUsedAt = c.LastUsedAt,
        PreviousSecretExpiresAt = c.PreviousExpiresAt,
        CreatedBy = new NamedRef(c.UserId, db.Users.Where(u => u.Id == c.UserId).Select(u => u.Name).SingleOrDefault()),
    });

    /// <summary>With the secret, this one time.</summary>
    public static CreatedMachineClient WithSecret(this MachineClientObject client, string secret) => new(client) { ClientSecret = secret };
}
