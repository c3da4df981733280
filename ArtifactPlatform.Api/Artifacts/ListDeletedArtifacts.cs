using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

internal static class ListDeletedArtifacts
{
    private const int DefaultLimit = 20;

    public static async Task<Results<Ok<Page<DeletedArtifact>>, BadRequestError>> Handle(
        [Description("Artifacts a page, 1-100."), Range(1, 100), DefaultValue(DefaultLimit)] int? limit,
        [Description("Id of the last artifact of the page before this one."), StringLength(64)] string? startingAfter,
        Caller caller,
        PlatformDb db,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var deleted = db.RestorableArtifacts.AsNoTracking().Where(a => a.CompanyId == caller.CompanyId);
        if (startingAfter is not null)
        {
            if (!await deleted.AnyAsync(a => a.Id == startingAfter, ct))
            {
                return Error.InvalidCursor("startingAfter");
            }

            deleted = deleted.Where(a => string.Compare(a.Id, startingAfter) < 0);
        }

        var size = limit ?? DefaultLimit;
        var found = await deleted.Where(a => a.RestorableUntil > now).OrderByDescending(a => a.Id).Take(size + 1).ToListAsync(ct);
        var page = found.Take(size).Select(Shown).ToList();
        return TypedResults.Ok(new Page<DeletedArtifact>(page, found.Count > size, found.Count > size ? page[^1].Id : null));
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
