using System.Globalization;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api -- quota --company ID --stored-bytes 1000000000 --encode-minutes 600 --views unlimited</c>: sets what one company may use, and shows it. In force with the next request.</summary>
internal static class SetQuota
{
    private const string Usage =
        """
        quota --company ID [--stored-bytes N] [--encode-minutes N] [--views N]
        N is a whole number, "unlimited", or "default" for what Quotas__StoredBytes, Quotas__EncodeMinutes and Quotas__Views say. Encode minutes and views count by calendar month (UTC).
        Without numbers the company's quotas are shown. Its id is company.id of each of its artifacts, and stands on the dashboard's page Usage.
        """;

    private static readonly (string Name, UsageKind Kind, long Unit)[] Quotas =
    [
        ("stored-bytes", UsageKind.StoredBytes, 1),
        ("encode-minutes", UsageKind.EncodeTime, UsageKinds.MillisecondsPerMinute),
        ("views", UsageKind.Views, 1),
    ];

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string[] arguments, CancellationToken ct)
    {
        if (Parse(arguments) is not { } options || !options.Remove("company", out var companyId))
        {
            await Console.Error.WriteLineAsync(Usage);
            return 1;
        }

        var standard = services.GetRequiredService<IOptions<QuotaOptions>>().Value;
        await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(ct);
        if (!await db.Companies.AnyAsync(c => c.Id == companyId, ct))
        {
            await Console.Error.WriteLineAsync($"There is no company with the id {companyId}.");
            return 1;
        }

        foreach (var (name, kind, unit) in Quotas.Where(q => options.ContainsKey(q.Name)))
        {
            await StoreAsync(db, companyId, kind, options[name], unit, ct);
        }

        foreach (var (name, kind, unit) in Quotas)
        {
            var most = await db.QuotaLimits.Where(l => l.CompanyId == companyId && l.Kind == kind).Select(l => (long?)l.Most).SingleOrDefaultAsync(ct) ?? standard.Of(kind);
            Console.WriteLine($"{name} {(most is null or QuotaOptions.Unlimited ? "unlimited" : (most / unit).Value.ToString(CultureInfo.InvariantCulture))}");
        }

        return 0;
    }

    /// <returns>Values by name; null when something is unknown, twice or not of its form.</returns>
    internal static Dictionary<string, string>? Parse(string[] arguments)
    {
        var options = new Dictionary<string, string>();
        foreach (var pair in arguments.Chunk(2))
        {
            if (pair is not [['-', '-', .. var name], { Length: > 0 } value] || !options.TryAdd(name, value))
            {
                return null;
            }

            var (_, _, unit) = Quotas.FirstOrDefault(q => q.Name == name);
            if (unit == 0 ? name != "company" : value is not ("unlimited" or "default") && !IsAmount(value, unit))
            {
                return null;
            }
        }

        return options;
    }

    private static bool IsAmount(string value, long unit) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount <= long.MaxValue / unit;

    private static async Task StoreAsync(PlatformDb db, string companyId, UsageKind kind, string value, long unit, CancellationToken ct)
    {
        if (value == "default")
        {
            await db.QuotaLimits.Where(l => l.CompanyId == companyId && l.Kind == kind).ExecuteDeleteAsync(ct);
            return;
        }

        var most = value == "unlimited" ? QuotaOptions.Unlimited : long.Parse(value, CultureInfo.InvariantCulture) * unit;
        await db.Database.ExecuteSqlAsync(
            $"insert into quota_limits (company_id, kind, most) values ({companyId}, {kind.Word()}, {most}) on conflict (company_id, kind) do update set most = excluded.most",
            ct);
    }
}
