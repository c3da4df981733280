using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

/// <summary>A request can be held open, by sending its body slowly, until its caller is an owner no more. What changes people asks once more.</summary>
internal static class StillOwner
{
    /// <summary>To be asked under <see cref="Core.Users.CompanyLock"/>.</summary>
    /// <returns>Null when the caller is.</returns>
    public static async Task<FailureResult?> RefuseAsync(PlatformDb db, Caller caller, CancellationToken ct) =>
        await db.Users.AnyAsync(u => u.Id == caller.UserId && u.CompanyId == caller.CompanyId && u.Role == UserRole.Owner && u.RemovedAt == null, ct)
            ? null
            : new FailureResult(Error.ScopeMissing(Scopes.Admin));
}
