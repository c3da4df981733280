using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

/// <summary>Rows in the contract's form.</summary>
internal static class ShowUser
{
    public static UserObject ToObject(this ShownUser shown, DateTimeOffset now) => new()
    {
        Id = shown.User.Id,
        Email = shown.User.Email,
        Name = shown.User.Name,
        Role = shown.User.Role.Word(),
        CreatedAt = shown.User.CreatedAt,
        LastSignInAt = shown.User.LastSignInAt,
        LockedUntil = shown.User.LockedUntil > now ? shown.User.LockedUntil : null,
        LiveApiKeys = shown.LiveApiKeys,
    };

    /// <summary>Adds what stands in other tables, keeping their order.</summary>
    public static IQueryable<ShownUser> Show(PlatformDb db, IQueryable<User> users, DateTimeOffset now) => users.AsNoTracking().Select(u => new ShownUser(
        u, db.ApiKeys.Count(k => k.UserId == u.Id && k.RevokedAt == null && (k.ExpiresAt == null || k.ExpiresAt > now))));
}

/// <summary>A user with what stands in other tables.</summary>
internal sealed record ShownUser(User User, int LiveApiKeys);
