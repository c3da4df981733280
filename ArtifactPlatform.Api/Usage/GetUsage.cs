using System.ComponentModel;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Usage;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Usage;

internal static class GetUsage
{
    private const int DefaultDays = 30;

    /// <summary>A leap year.</summary>
    private const int MaxDays = 366;

    public static void MapUsage(this IEndpointRouteBuilder api) => api.MapGet("/usage", Handle).RequireAuthorization(Scopes.ArtifactsRead).WithTags("Usage").WithName("getUsage")
        .WithSummary("Usage and quotas")
        .WithDescription(
            """
            What the company may use and has used, and the days from `from` to `to` (UTC, both included), at most 366.
            `reserved` is put aside for what is under way. `limit` is null where there is none. Encode minutes and views count by calendar month (UTC), and the quotas show the present one.
            Of a day, `storedBytes` is the level at its end; the rest is what happened on it. Stored bytes are those of artifacts as they were taken in; renditions of videos are not counted.
            """);

    public static async Task<Results<Ok<UsageReport>, BadRequestError>> Handle(
        [Description("First day, as 2026-01-12; left out = 29 days before the last.")] DateOnly? from,
        [Description("Last day; left out = today (UTC).")] DateOnly? to,
        Caller caller,
        PlatformDb db,
        IOptions<QuotaOptions> quotas,
        TimeProvider clock,
        CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var last = to ?? DateOnly.FromDateTime(now.UtcDateTime);
        var first = from ?? DateOnly.FromDayNumber(Math.Max(0, last.DayNumber - DefaultDays + 1));
        if (first > last)
        {
            return Error.PeriodReversed();
        }

        if (last.DayNumber - first.DayNumber >= MaxDays)
        {
            return Error.PeriodTooLong(MaxDays);
        }

        var accounts = await ReadAccountsAsync(db, caller.CompanyId, quotas.Value, now, ct);
        var rows = await db.UsageDays.AsNoTracking().Where(d => d.CompanyId == caller.CompanyId && d.Day >= first && d.Day <= last).ToListAsync(ct);
        // The level at the end is what is there now, less what came after.
        var later = await db.UsageDays.Where(d => d.CompanyId == caller.CompanyId && d.Kind == UsageKind.StoredBytes && d.Day > last).SumAsync(d => d.Amount, ct);
        return TypedResults.Ok(new UsageReport(
            new UsageQuotas(
                accounts[UsageKind.StoredBytes].ToCount(),
                accounts[UsageKind.EncodeTime].ToMinutes(),
                accounts[UsageKind.Views].ToCount()),
            Days(first, last, rows.ToDictionary(d => (d.Day, d.Kind), d => d.Amount), accounts[UsageKind.StoredBytes].Used - later)));
    }

    /// <param name="level">Stored bytes at the end of the last day.</param>
    private static List<UsageOfDay> Days(DateOnly first, DateOnly last, Dictionary<(DateOnly, UsageKind), long> amounts, long level)
    {
        var days = new List<UsageOfDay>();
        for (var number = last.DayNumber; number >= first.DayNumber; number--)
        {
            var day = DateOnly.FromDayNumber(number);
            days.Add(new UsageOfDay(day, level, Amount(UsageKind.IngestedBytes), Account.Minutes(Amount(UsageKind.EncodeTime)), Amount(UsageKind.Views)));
            level -= Amount(UsageKind.StoredBytes);

            long Amount(UsageKind kind) => amounts.GetValueOrDefault((day, kind));
        }

        days.Reverse();
        return days;
    }

    private static async Task<Dictionary<UsageKind, Account>> ReadAccountsAsync(PlatformDb db, string companyId, QuotaOptions standard, DateTimeOffset now, CancellationToken ct)
    {
        var counters = await db.QuotaCounters.AsNoTracking().Where(c => c.CompanyId == companyId).ToListAsync(ct);
        var own = await db.QuotaLimits.AsNoTracking().Where(l => l.CompanyId == companyId).ToDictionaryAsync(l => l.Kind, l => l.Most, ct);
        return new[] { UsageKind.StoredBytes, UsageKind.EncodeTime, UsageKind.Views }.ToDictionary(kind => kind, kind =>
        {
            var counter = counters.Find(c => c.Kind == kind && c.Period == kind.PeriodAt(now));
            var most = own.TryGetValue(kind, out var limit) ? limit : standard.Of(kind);
            return new Account(counter?.Used ?? 0, counter?.Reserved ?? 0, most == QuotaOptions.Unlimited ? null : most);
        });
    }

    private sealed record Account(long Used, long Reserved, long? Most)
    {
        public CountQuota ToCount() => new(Used, Reserved, Most);

        public MinuteQuota ToMinutes() => new(Minutes(Used), Minutes(Reserved), Most is { } most ? Minutes(most) : null);

        public static double Minutes(long milliseconds) => Math.Round(milliseconds / (double)UsageKinds.MillisecondsPerMinute, 3);
    }
}
