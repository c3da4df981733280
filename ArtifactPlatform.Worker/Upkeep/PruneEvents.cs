using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Upkeep;

/// <summary>
/// Removes events that are older than their company keeps them, and notes how far in the statement that does it: a reader that resumes
/// before that place is told, rather than left with a gap. Progress events go sooner, for they are nobody's history.
/// </summary>
public sealed class PruneEvents(IDbContextFactory<PlatformDb> databases)
{
    /// <summary>Who resumes a stream after longer than this learns the end result, not every step on the way.</summary>
    private static readonly TimeSpan ProgressEventsKept = TimeSpan.FromHours(1);

    /// <summary>Rows in one statement: a company's writers wait for it, for milliseconds.</summary>
    private const int BatchSize = 1000;

    /// <summary>What is left after so many batches waits for the next round.</summary>
    private const int MaxBatches = 100;

    private const int MaxCompanies = 1000;

    public async Task RunAsync(CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await PruneProgressAsync(db, ct);
        var batches = 0;
        foreach (var companyId in await DueAsync(db, ct))
        {
            while (batches++ < MaxBatches && await PruneAsync(db, companyId, ct) == BatchSize)
            {
            }
        }
    }

    private static async Task PruneProgressAsync(PlatformDb db, CancellationToken ct)
    {
        for (var batch = 0; batch < MaxBatches; batch++)
        {
            var removed = await db.Database.ExecuteSqlAsync(
                $"""
                delete from events where (company_id, sequence) in (
                    select company_id, sequence from events where type like '%.progress' and created_at < now() - {ProgressEventsKept}
                    order by created_at limit {BatchSize} for update skip locked)
                """,
                ct);
            if (removed < BatchSize)
            {
                return;
            }
        }
    }

    private static Task<List<string>> DueAsync(PlatformDb db, CancellationToken ct) => db.Database
        .SqlQuery<string>(
            $"""
            select c.id as "Value" from companies c left join retention_settings s on s.company_id = c.id
            where exists (select 1 from events e where e.company_id = c.id and e.created_at < now() - make_interval(days => coalesce(s.events_days, {RetentionSettings.Defaults.EventsDays})))
            limit {MaxCompanies}
            """)
        .ToListAsync(ct);

    /// <returns>Events removed.</returns>
    private static async Task<int> PruneAsync(PlatformDb db, string companyId, CancellationToken ct) => (await db.Database
        .SqlQuery<int>(
            $"""
            with due as (
                select sequence from events
                where company_id = {companyId} and created_at < now() - make_interval(days => coalesce(
                    (select events_days from retention_settings where company_id = {companyId}), {RetentionSettings.Defaults.EventsDays}))
                order by created_at limit {BatchSize} for update skip locked),
            gone as (delete from events e using due where e.company_id = {companyId} and e.sequence = due.sequence returning e.sequence, e.type),
            noted as (
                update event_heads set pruned_sequence = greatest(pruned_sequence, coalesce((select max(sequence) from gone where type not like '%.progress'), 0))
                where company_id = {companyId} and exists (select 1 from gone))
            select count(*)::integer as "Value" from gone
            """)
        .ToListAsync(ct)).Single();
}
