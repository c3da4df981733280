using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

internal static class ListDeletedArtifacts
{
    public static async Task<Results<Ok<Page<DeletedArtifact>>, BadRequestError>> Handle(
        [Description("Artifacts a page, 1-100."), Range(1, 100), DefaultValue(NewestFirst.DefaultLimit)] int? limit,
        [Description("Id of the last artifact of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var deleted = db.RestorableArtifacts.AsNoTracking().Where(a => a.CompanyId == caller.CompanyId);
        if (await deleted.BehindAsync(startingAfter, ct) is not { } behind)
        {
            return Error.InvalidCursor("startingAfter");
        }

        var found = await behind.Where(a => a.RestorableUntil > now).Newest(limit).ToListAsync(ct);
        return found.Select(Shown).ToPage(limit, a => a.Id);
    }

    private static DeletedArtifact Shown(RestorableArtifact artifact)
    {
        var record = JsonSerializer.Deserialize<Record>(artifact.Record, RecordJson) ?? throw new InvalidOperationException($"Deleted artifact {artifact.Id} has no record.");
        return new DeletedArtifact(artifact.Id, record.Name, record.Type, record.SizeBytes, artifact.DeletedAt, artifact.RestorableUntil);
    }

    /// <summary>The record has the names of the table's columns.</summary>
    private static readonly JsonSerializerOptions RecordJson = new(ContractJson.Options) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private sealed record Record(string Name, ArtifactType Type, long? SizeBytes);
}
