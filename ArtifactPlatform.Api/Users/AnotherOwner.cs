using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

/// <summary>A company keeps at least one owner: nobody else could make another.</summary>
internal static class AnotherOwner
{
    /// <summary>To be asked under <see cref="CompanyLock"/>: two owners who remove each other would both find the other one.</summary>
    public static Task<bool> IsThereAsync(PlatformDb db, User user, CancellationToken ct) =>
        db.Users.AnyAsync(u => u.CompanyId == user.CompanyId && u.Id != user.Id && u.Role == UserRole.Owner && u.RemovedAt == null, ct);
}
