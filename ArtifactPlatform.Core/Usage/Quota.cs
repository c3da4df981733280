using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Core.Usage;

/// <summary>
/// Keeps companies within their quotas: reserve before the work, settle with what it really took, release when it fails or is undone.
/// All of it in the caller's transaction, before its event is appended: that takes its lock last. A thing holds what it holds once,
/// so doing a step again changes nothing.
/// </summary>
public sealed class Quota(IOptions<QuotaOptions> options, TimeProvider clock)
{
    /// <summary>Looks whether an amount could be had now, and puts nothing aside: for refusing a request whose work begins later, and may be refused still.</summary>
    /// <param name="amount">As of <see cref="ReserveAsync"/>.</param>
    /// <exception cref="QuotaExceededException">Not enough is left.</exception>
    public async Task CheckAsync(PlatformDb db, UsageKind kind, string companyId, long amount, CancellationToken ct)
    {
        var period = kind.PeriodAt(clock.GetUtcNow());
        var counter = await db.QuotaCounters.AsNoTracking().SingleOrDefaultAsync(c => c.CompanyId == companyId && c.Kind == kind && c.Period == period, ct);
        var own = await db.QuotaLimits.Where(l => l.CompanyId == companyId && l.Kind == kind).Select(l => (long?)l.Most).SingleOrDefaultAsync(ct);
        Check(kind, own, counter is null ? 0 : counter.Used + counter.Reserved, amount);
    }

    /// <summary>Puts an amount aside. What is held already only ever grows here.</summary>
    /// <param name="subjectId">The thing that it is for: the same at every later step.</param>
    /// <param name="amount">In the unit of the kind; 0 where it is not known yet, which is refused when nothing at all is left.</param>
    /// <exception cref="QuotaExceededException">Not enough is left.</exception>
    public async Task ReserveAsync(PlatformDb db, UsageKind kind, string companyId, string subjectId, long amount, CancellationToken ct)
    {
        var account = await OpenAsync(db, kind, companyId, subjectId, ct);
        if (account.Held is not { } held || (amount > held.Amount && !held.Settled))
        {
            await PutAsync(db, account, amount, settled: false, ct);
        }
    }

    /// <summary>Counts as used what the thing really took, whatever was reserved for it.</summary>
    /// <exception cref="QuotaExceededException">It takes more room than was reserved, and that is not left. Work that was done is counted in any case.</exception>
    public async Task SettleAsync(PlatformDb db, UsageKind kind, string companyId, string subjectId, long amount, CancellationToken ct)
    {
        var account = await OpenAsync(db, kind, companyId, subjectId, ct);
        if (account.Held is { Settled: true })
        {
            return;
        }

        await PutAsync(db, account, amount, settled: true, ct);
        if (kind == UsageKind.StoredBytes)
        {
            await CountDayAsync(db, UsageKind.IngestedBytes, companyId, amount, ct);
        }
    }

    /// <summary>Gives back what the thing holds. What was used of a month is used, and stays so.</summary>
    public async Task ReleaseAsync(PlatformDb db, UsageKind kind, string companyId, string subjectId, CancellationToken ct)
    {
        var account = await OpenAsync(db, kind, companyId, subjectId, ct);
        if (account.Held is not { } held || (held.Settled && !kind.IsLevel()))
        {
            return;
        }

        await db.QuotaReservations.Where(r => r.Kind == kind && r.SubjectId == subjectId && r.CompanyId == companyId).ExecuteDeleteAsync(ct);
        await ChangeAsync(db, account, held.Settled ? -held.Amount : 0, held.Settled ? 0 : -held.Amount, ct);
    }

    /// <summary>Counts one view of a video, there and for the company: one statement, since players wait for it.</summary>
    /// <exception cref="QuotaExceededException">No view is left.</exception>
    public async Task CountViewAsync(PlatformDb db, string companyId, string videoId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (kind, period, today) = (UsageKind.Views.Word(), UsageKind.Views.PeriodAt(now), DateOnly.FromDateTime(now.UtcDateTime));
        var standard = options.Value.Of(UsageKind.Views) ?? QuotaOptions.Unlimited;
        // The counter comes first, whatever the order of the rest: each of those asks for its row.
        var counted = await db.Database.ExecuteSqlAsync(
            $"""
            with quota as (
                select coalesce((select most from quota_limits where company_id = {companyId} and kind = {kind}), {standard}) as most),
            counted as (
                insert into quota_counters (company_id, kind, period, used) select {companyId}, {kind}, {period}, 1 from quota where most > 0
                on conflict (company_id, kind, period) do update set used = quota_counters.used + 1 where quota_counters.used < (select most from quota)
                returning used),
            day as (
                insert into usage_days (company_id, kind, day, amount) select {companyId}, {kind}, {today}, 1 from counted
                on conflict (company_id, kind, day) do update set amount = usage_days.amount + 1)
            update videos set view_count = view_count + 1 where id = {videoId} and company_id = {companyId} and exists (select 1 from counted)
            """,
            ct);
        if (counted == 0 && await db.Videos.AnyAsync(v => v.Id == videoId && v.CompanyId == companyId, ct))
        {
            var most = await db.QuotaLimits.Where(l => l.CompanyId == companyId && l.Kind == UsageKind.Views).Select(l => (long?)l.Most).SingleOrDefaultAsync(ct) ?? standard;
            throw new QuotaExceededException(UsageKind.Views, most, most, amount: 1);
        }
    }

    /// <summary>Locks the company's counter, then looks at what the thing holds: never the other way round, or two runs for one thing would both see nothing.</summary>
    private async Task<Account> OpenAsync(PlatformDb db, UsageKind kind, string companyId, string subjectId, CancellationToken ct)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Quotas are kept in the transaction of what they are for; there is none.");
        }

        var period = kind.PeriodAt(clock.GetUtcNow());
        var counter = await LockAsync(db, kind, companyId, period, ct);
        var held = await db.QuotaReservations.AsNoTracking().SingleOrDefaultAsync(r => r.Kind == kind && r.SubjectId == subjectId && r.CompanyId == companyId, ct);
        if (held is not null && held.Period != period)
        {
            // The month has turned since; what was begun in the old one is counted there.
            (period, counter) = (held.Period, await LockAsync(db, kind, companyId, held.Period, ct));
        }

        return new Account(kind, companyId, subjectId, period, counter, held);
    }

    private static async Task<Counter> LockAsync(PlatformDb db, UsageKind kind, string companyId, DateOnly period, CancellationToken ct)
    {
        var word = kind.Word();
        var rows = await db.Database.SqlQuery<Counter>(
            $"""
            insert into quota_counters (company_id, kind, period) values ({companyId}, {word}, {period})
            on conflict (company_id, kind, period) do update set used = quota_counters.used
            returning used, reserved, (select most from quota_limits where company_id = {companyId} and kind = {word}) as most
            """).ToListAsync(ct);
        return rows[0];
    }

    private async Task PutAsync(PlatformDb db, Account account, long amount, bool settled, CancellationToken ct)
    {
        var (held, counter) = (account.Held, account.Counter);
        if ((!settled || account.Kind.IsLevel()) && (held is null || amount > held.Amount))
        {
            Check(account.Kind, counter.Most, counter.Used + counter.Reserved - (held?.Amount ?? 0), amount);
        }

        await db.Database.ExecuteSqlAsync(
            $"""
            insert into quota_reservations (kind, subject_id, company_id, period, amount, settled, created_at)
            values ({account.Kind.Word()}, {account.SubjectId}, {account.CompanyId}, {account.Period}, {amount}, {settled}, {clock.GetUtcNow()})
            on conflict (kind, subject_id) do update set amount = excluded.amount, settled = excluded.settled
            """,
            ct);
        var (used, reserved) = settled ? (amount, 0L) : (0L, amount);
        await ChangeAsync(db, account, used, reserved - (held?.Amount ?? 0), ct);
    }

    /// <param name="own">The company's own quota; null = the default.</param>
    /// <param name="others">Used and reserved by others.</param>
    private void Check(UsageKind kind, long? own, long others, long amount)
    {
        var most = own ?? options.Value.Of(kind) ?? QuotaOptions.Unlimited;
        if (others >= most || amount > most - others)
        {
            throw new QuotaExceededException(kind, most, others, amount);
        }
    }

    private async Task ChangeAsync(PlatformDb db, Account account, long used, long reserved, CancellationToken ct)
    {
        await db.QuotaCounters
            .Where(c => c.CompanyId == account.CompanyId && c.Kind == account.Kind && c.Period == account.Period)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Used, c => c.Used + used).SetProperty(c => c.Reserved, c => c.Reserved + reserved), ct);
        if (used != 0)
        {
            await CountDayAsync(db, account.Kind, account.CompanyId, used, ct);
        }
    }

    private async Task CountDayAsync(PlatformDb db, UsageKind kind, string companyId, long amount, CancellationToken ct)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into usage_days (company_id, kind, day, amount) values ({companyId}, {kind.Word()}, {today}, {amount})
            on conflict (company_id, kind, day) do update set amount = usage_days.amount + excluded.amount
            """,
            ct);
    }

    /// <param name="Most">The company's own quota; null = the default.</param>
    private sealed record Counter(long Used, long Reserved, long? Most);

    /// <param name="Held">Null while it holds nothing.</param>
    private sealed record Account(UsageKind Kind, string CompanyId, string SubjectId, DateOnly Period, Counter Counter, QuotaReservation? Held);
}
