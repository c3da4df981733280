using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Users;

/// <summary>Lets changes to who belongs to a company happen one after the other: each looks at the others before it is made.</summary>
public static class CompanyLock
{
    /// <summary>Holds until the transaction ends. Rows that merely refer to the company don't wait for it.</summary>
    public static Task LockPeopleAsync(this PlatformDb db, string companyId, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(db);
        return db.Database.ExecuteSqlAsync($"select 1 from companies where id = {companyId} for no key update", ct);
    }
}
