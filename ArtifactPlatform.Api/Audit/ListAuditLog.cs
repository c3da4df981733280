using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Audit;

internal static class ListAuditLog
{
    public static void MapAuditLog(this IEndpointRouteBuilder api) => api.MapGet("/audit-log", Handle).RequireAuthorization(Scopes.Admin).WithTags("Audit log").WithName("listAuditLog")
        .WithSummary("Who did what")
        .WithDescription("What was done to people, keys and credentials, and what was deleted; newest first. Entries can't be changed or removed.");

    private static async Task<Results<Ok<Page<AuditEntryObject>>, BadRequestError>> Handle(
        [Description("Only this action, as `api_key.created`."), StringLength(64)] string? action,
        [Description("Only what this user or API key did."), StringLength(64)] string? actorId,
        [Description("Only what was done to the thing with this id."), StringLength(64)] string? subjectId,
        [Description("Entries a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last entry of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        CancellationToken ct)
    {
        var entries = db.AuditLog.AsNoTracking().Where(e => e.CompanyId == caller.CompanyId);
        if (await entries.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await behind
            .Where(e => (action == null || e.Action == action) && (actorId == null || e.ActorId == actorId) && (subjectId == null || e.SubjectId == subjectId))
            .Newest(limit)
            .Select(e => new
            {
                Entry = e,
                Name = e.ActorType == AuditActorType.User
                    ? db.Users.Where(u => u.Id == e.ActorId && u.CompanyId == e.CompanyId).Select(u => u.Name).SingleOrDefault()
                    : db.ApiKeys.Where(k => k.Id == e.ActorId && k.CompanyId == e.CompanyId).Select(k => k.Name).SingleOrDefault(),
            })
            .ToListAsync(ct);
        return found.Select(f => new AuditEntryObject
        {
            Id = f.Entry.Id,
            Actor = new AuditActor(f.Entry.ActorType, f.Entry.ActorId, f.Name),
            Action = f.Entry.Action,
            SubjectId = f.Entry.SubjectId,
            Details = JsonSerializer.Deserialize<JsonElement>(f.Entry.Details),
            RequestId = f.Entry.RequestId,
            CreatedAt = f.Entry.CreatedAt,
        }).ToPage(limit, e => e.Id);
    }
}
