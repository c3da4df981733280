using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Data;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Events;

internal static class StreamArtifactEvents
{
    public static async Task<Results<EventStream, BadRequestError, NotFoundError>> Handle(
        string artifactId,
        [Description("Id of the last event that you have; the stream goes on behind it."), FromHeader(Name = ReadPosition.Header), StringLength(64)] string? lastEventIdHeader,
        [Description("The same, for clients that can't set a header."), StringLength(64)] string? lastEventId,
        Caller caller,
        EventHub hub,
        IDbContextFactory<PlatformDb> databases,
        CancellationToken ct)
    {
        // The feed is held before the log is looked at, so what commits from now on comes through it.
        var lease = await hub.OpenAsync(caller, ct);
        try
        {
            var (stream, error) = (lastEventIdHeader ?? lastEventId) is { } last
                ? await ResumeAsync(lease, artifactId, last, databases, ct)
                : (await BeginAsync(lease, artifactId, databases, ct), null);
            if (stream is not null)
            {
                return stream;
            }

            lease.Dispose();
            return error is null ? Error.ArtifactNotFound() : error;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>State and head come from one snapshot: the stream shows the state, then exactly what changed after it.</summary>
    /// <returns>Null when there is no such artifact.</returns>
    private static async Task<EventStream?> BeginAsync(FeedLease lease, string artifactId, IDbContextFactory<PlatformDb> databases, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var snapshot = await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var head = await EventLog.HeadAsync(db, lease.Feed.CompanyId, ct);
        return await ArtifactLog.ShownAsync(db, lease.Feed.CompanyId, artifactId, ct) is { } artifact
            ? new EventStream(lease, head, artifactId, [EventFilter.All], State(artifact, head))
            : null;
    }

    /// <summary>Whoever was away while the artifact was deleted still gets to know it.</summary>
    private static async Task<(EventStream? Stream, BadRequestError? Error)> ResumeAsync(FeedLease lease, string artifactId, string last, IDbContextFactory<PlatformDb> databases, CancellationToken ct)
    {
        var (sequence, error) = await ReadPosition.ReadAsync(last, lease, databases, ct);
        if (error is not null)
        {
            return (null, error);
        }

        await using var db = await databases.CreateDbContextAsync(ct);
        var companyId = lease.Feed.CompanyId;
        return await db.Artifacts.AnyAsync(a => a.Id == artifactId && a.CompanyId == companyId, ct)
            || await db.Events.AnyAsync(e => e.CompanyId == companyId && e.SubjectId == artifactId && e.Sequence > sequence, ct)
            ? (new EventStream(lease, sequence, artifactId, [EventFilter.All], first: null), null)
            : (null, null);
    }

    private static PlatformEvent State(ArtifactObject artifact, long head) => new()
    {
        Id = EventLog.PositionId(head),
        Type = $"artifact.{artifact.Status.Word()}",
        CreatedAt = artifact.UpdatedAt,
        CompanyId = artifact.Company.Id,
        Data = new EventData(JsonSerializer.SerializeToElement(artifact, ContractJson.Options)),
    };
}
