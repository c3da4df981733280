using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Who did what, newest first.</summary>
    /// <param name="action">Only this one, <c>api_key.created</c>; null = all.</param>
    /// <param name="subjectId">Only what was done to this; null = all.</param>
    public Task<Page<AuditEntryObject>> ListAuditLogAsync(string? action, string? subjectId, int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<AuditEntryObject>>($"audit-log{new QueryString().Add("action", action).Add("subjectId", subjectId).Add("limit", limit).Add("startingAfter", startingAfter)}", ct);
}
