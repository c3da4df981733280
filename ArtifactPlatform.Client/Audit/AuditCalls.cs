using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Who did what, newest first.</summary>
    /// <param name="action">Only this one, <c>api_key.created</c>; null = all.</param>
    /// <param name="subjectId">Only what was done to this; null = all.</param>
    public Task<Page<AuditEntryObject>> ListAuditLogAsync(string? action, string? subjectId, int? limit, string? startingAfter, CancellationToken ct) =>
        ListAuditLogAsync(new AuditQuery { Action = action, SubjectId = subjectId, Limit = limit, StartingAfter = startingAfter }, ct);

    /// <inheritdoc cref="ListAuditLogAsync(string, string, int?, string, CancellationToken)"/>
    public Task<Page<AuditEntryObject>> ListAuditLogAsync(AuditQuery query, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(query);
        var text = new QueryString()
            .Add("action", query.Action).Add("actorId", query.ActorId).Add("subjectId", query.SubjectId).Add("limit", query.Limit).Add("startingAfter", query.StartingAfter);
        return GetAsync<Page<AuditEntryObject>>($"audit-log{text}", ct);
    }
}
