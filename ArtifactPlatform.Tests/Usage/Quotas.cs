using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Usage;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Usage;

/// <summary>Companies with quotas.</summary>
internal static class Quotas
{
    /// <summary>As the operator's command does it.</summary>
    /// <param name="most">In the unit of the kind.</param>
    public static async Task LimitAsync(this TestCompany company, UsageKind kind, long most)
    {
        await using var db = company.Platform.Database();
        await db.Database.ExecuteSqlAsync(
            $"insert into quota_limits (company_id, kind, most) values ({company.CompanyId}, {kind.Word()}, {most}) on conflict (company_id, kind) do update set most = excluded.most",
            CancellationToken.None);
    }

    public static async Task<CountQuota> StoredAsync(TestCompany company) =>
        (await company.Client.GetUsageAsync(null, null, TestContext.Current.CancellationToken)).Quotas.StoredBytes;

    /// <summary>Makes a call and expects it to be refused for the quota.</summary>
    public static async Task<ApiError> ExceedsAsync(Func<Task> call)
    {
        var refused = await Assert.ThrowsAsync<PlatformApiException>(call);
        Assert.Equal((402, "quota_exceeded", "quota_exceeded"), ((int)refused.Status, refused.Error.Type, refused.Error.Code));
        return refused.Error;
    }
}
