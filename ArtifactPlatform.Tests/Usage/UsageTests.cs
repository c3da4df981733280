using System.Net;
using ArtifactPlatform.Tests.Api;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Usage;

/// <summary>The report by day.</summary>
public sealed class UsageTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_company_that_has_done_nothing_sees_thirty_empty_days_and_no_limits()
    {
        var company = await platform.NewCompanyAsync();
        var usage = await company.Client.GetUsageAsync(null, null, ct);

        Assert.Equal(30, usage.Days.Count);
        Assert.All(usage.Days, day => Assert.Equal((0, 0, 0, 0), (day.StoredBytes, day.IngestedBytes, day.EncodeMinutes, day.Views)));
        Assert.Equal((0, 0, null), (usage.Quotas.StoredBytes.Used, usage.Quotas.StoredBytes.Reserved, usage.Quotas.StoredBytes.Limit));
        Assert.Equal((0, 0, null), (usage.Quotas.EncodeMinutes.Used, usage.Quotas.EncodeMinutes.Reserved, usage.Quotas.EncodeMinutes.Limit));
        Assert.Equal((0, 0, null), (usage.Quotas.Views.Used, usage.Quotas.Views.Reserved, usage.Quotas.Views.Limit));
    }

    [Fact]
    public async Task Days_are_whole_and_stored_bytes_are_the_level_at_their_end()
    {
        var company = await platform.NewCompanyAsync();
        await StoreAsync(company, "stored_bytes", ("2026-01-10", 100), ("2026-01-12", -30), ("2026-01-14", 5));
        await StoreAsync(company, "ingested_bytes", ("2026-01-10", 100), ("2026-01-14", 5));
        await StoreAsync(company, "encode_time", ("2026-01-12", 90_000));
        await StoreAsync(company, "views", ("2026-01-12", 7));
        await using (var db = platform.Database())
        {
            await db.Database.ExecuteSqlAsync($"insert into quota_counters (company_id, kind, period, used) values ({company.CompanyId}, 'stored_bytes', '1970-01-01', 75), ({company.CompanyId}, 'views', '2026-01-01', 7)", ct);
        }

        var usage = await company.Client.GetUsageAsync(new(2026, 1, 9), new(2026, 1, 13), ct);

        Assert.Equal([0L, 100, 100, 70, 70], usage.Days.Select(d => d.StoredBytes));
        Assert.Equal([0L, 100, 0, 0, 0], usage.Days.Select(d => d.IngestedBytes));
        Assert.Equal([0, 0, 0, 1.5, 0], usage.Days.Select(d => d.EncodeMinutes));
        Assert.Equal([0L, 0, 0, 7, 0], usage.Days.Select(d => d.Views));
        Assert.Equal(new(2026, 1, 9), usage.Days[0].Date);
        // Views of another month are no part of this one's quota.
        Assert.Equal((75, 0), (usage.Quotas.StoredBytes.Used, usage.Quotas.Views.Used));
        using var http = company.CreateHttp();
        var json = await http.GetStringAsync("/api/v1/usage?from=2026-01-12&to=2026-01-12", ct);
        Assert.Contains("""[{"date":"2026-01-12","storedBytes":70,"ingestedBytes":0,"encodeMinutes":1.5,"views":7}]""", json, StringComparison.Ordinal);
        Assert.Contains("""{"quotas":{"storedBytes":{"used":75,"reserved":0,"limit":null},""", json, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("from=2026-01-13&to=2026-01-12", "from")]
    [InlineData("from=2024-01-01&to=2025-01-01", "from")]
    [InlineData("from=yesterday", "from")]
    [InlineData("to=2026-02-30", "to")]
    public async Task A_period_that_makes_no_sense_is_refused(string query, string param)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var refused = await http.GetAsync($"/api/v1/usage?{query}", ct);

        Assert.Equal(("invalid_parameter", param), await CodeAsync(refused));
        using var longest = await http.GetAsync("/api/v1/usage?from=2024-01-01&to=2024-12-31", ct);
        Assert.Equal(HttpStatusCode.OK, longest.StatusCode);
    }

    private async Task<(string Code, string? Param)> CodeAsync(HttpResponseMessage refused)
    {
        var error = await refused.ErrorAsync(HttpStatusCode.BadRequest, ct);
        return (error.Code, error.Param);
    }

    private async Task StoreAsync(TestCompany company, string kind, params (string Day, long Amount)[] days)
    {
        await using var db = platform.Database();
        foreach (var (day, amount) in days)
        {
            await db.Database.ExecuteSqlAsync($"insert into usage_days (company_id, kind, day, amount) values ({company.CompanyId}, {kind}, {DateOnly.Parse(day)}, {amount})", ct);
        }
    }
}
