using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Companies;

namespace ArtifactPlatform.Api.Audit;

/// <summary>Makes the audit log's entries of one request. The handler stores them with the change itself, in one transaction.</summary>
internal sealed class AuditTrail(Caller caller, IHttpContextAccessor http, TimeProvider clock)
{
    /// <param name="action">From <see cref="AuditActions"/>.</param>
    /// <param name="details">Serialized as a JSON object; no secrets.</param>
    public AuditEntry Entry(string action, string subjectId, object details) => new(
        caller.CompanyId,
        caller.ApiKeyId is null ? AuditActorType.User : AuditActorType.ApiKey,
        caller.ApiKeyId ?? caller.UserId,
        action,
        subjectId,
        details,
        http.HttpContext?.TraceIdentifier ?? "",
        clock.GetUtcNow());

    /// <summary>For what someone does who is not signed in yet.</summary>
    public static AuditEntry ByUser(User user, string action, string subjectId, object details, HttpContext? http, DateTimeOffset now) =>
        new(user.CompanyId, AuditActorType.User, user.Id, action, subjectId, details, http?.TraceIdentifier ?? "", now);

    /// <param name="artifact">As it was: what else tells of it is gone.</param>
    public AuditEntry Deleted(ArtifactObject artifact) => Entry(AuditActions.ArtifactDeleted, artifact.Id, new { artifact.Name, artifact.Size, artifact.Hash });
}
