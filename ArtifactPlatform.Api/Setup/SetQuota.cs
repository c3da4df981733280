using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ArtifactPlatform.Core;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Usage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api quota --company ID --stored-bytes 1000000000 --encode-minutes 600 --views unlimited</c>: sets what one company may use, and shows it. It applies from the next request on.</summary>
internal static class SetQuota
{
    private const string Unlimited = "unlimited";
    private const string Default = "default";

    private static readonly (string Name, UsageKind Kind, long Unit, string Description)[] Quotas =
    [
        ("stored-bytes", UsageKind.StoredBytes, 1, "Bytes in the store."),
        ("encode-minutes", UsageKind.EncodeTime, UsageKinds.MillisecondsPerMinute, "Minutes of encoding in a calendar month (UTC)."),
        ("views", UsageKind.Views, 1, "Views of videos in a calendar month (UTC)."),
    ];

    public static Command Command()
    {
        var company = new Option<string>("--company") { Description = "Id of the company: company.id of each of its artifacts, also on the dashboard's page Usage.", HelpName = "ID", Required = true };
        company.Validators.Add(result => Check(result, value => value is [not '-', ..]));
        var amounts = Quotas.Select(quota => Amount(quota.Name, quota.Unit, quota.Description)).ToArray();
        var command = new Command("quota", "Sets what one company may use, and shows it. Without amounts it only shows it.") { company };
        foreach (var amount in amounts)
        {
            command.Options.Add(amount);
        }

        command.SetAction((parsed, ct) => CommandLine.RunWithServicesAsync(app =>
        {
            app.Configuration.RequireDatabase();
            var changes = Quotas.Zip(amounts).Select(pair => (pair.First.Kind, Value: parsed.GetValue(pair.Second))).Where(change => change.Value is not null);
            return RunAsync(app.Services, parsed.GetRequiredValue(company), changes.ToDictionary(change => change.Kind, change => change.Value ?? ""), ct);
        }));
        return command;
    }

    /// <param name="changes">A whole number, <c>unlimited</c> or <c>default</c> for each quota that changes.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, string companyId, IReadOnlyDictionary<UsageKind, string> changes, CancellationToken ct)
    {
        var standard = services.GetRequiredService<IOptions<QuotaOptions>>().Value;
        await using var db = await services.GetRequiredService<IDbContextFactory<PlatformDb>>().CreateDbContextAsync(ct);
        if (!await db.Companies.AnyAsync(c => c.Id == companyId, ct))
        {
            await Console.Error.WriteLineAsync($"There is no company with the id {companyId}.");
            return CommandLine.Failure;
        }

        foreach (var (_, kind, unit, _) in Quotas.Where(quota => changes.ContainsKey(quota.Kind)))
        {
            await StoreAsync(db, companyId, kind, changes[kind], unit, ct);
        }

        foreach (var (name, kind, unit, _) in Quotas)
        {
            var most = await db.QuotaLimits.Where(l => l.CompanyId == companyId && l.Kind == kind).Select(l => (long?)l.Most).SingleOrDefaultAsync(ct) ?? standard.Of(kind);
            Console.WriteLine($"{name} {(most is null or QuotaOptions.Unlimited ? Unlimited : (most / unit).Value.ToString(CultureInfo.InvariantCulture))}");
        }

        return 0;
    }

    private static Option<string?> Amount(string name, long unit, string description)
    {
        var option = new Option<string?>($"--{name}") { Description = $"{description} \"default\" restores the platform's default.", HelpName = $"N|{Unlimited}|{Default}" };
        option.Validators.Add(result => Check(result, value => value is Unlimited or Default || IsAmount(value, unit)));
        return option;
    }

    private static void Check(OptionResult result, Func<string, bool> isGood)
    {
        if (result.Tokens is [var token] && !isGood(token.Value))
        {
            result.AddError($"'{token.Value}' is no value for {result.Option.Name}: it takes {result.Option.HelpName}.");
        }
    }

    private static bool IsAmount(string value, long unit) => long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount <= long.MaxValue / unit;

    private static async Task StoreAsync(PlatformDb db, string companyId, UsageKind kind, string value, long unit, CancellationToken ct)
    {
        if (value == Default)
        {
            await db.QuotaLimits.Where(l => l.CompanyId == companyId && l.Kind == kind).ExecuteDeleteAsync(ct);
            return;
        }

        var most = value == Unlimited ? QuotaOptions.Unlimited : long.Parse(value, CultureInfo.InvariantCulture) * unit;
        await db.Database.ExecuteSqlAsync(
            $"insert into quota_limits (company_id, kind, most) values ({companyId}, {kind.Word()}, {most}) on conflict (company_id, kind) do update set most = excluded.most",
            ct);
    }
}
