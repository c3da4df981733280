using System.Globalization;
using ArtifactPlatform.Client.Usage;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Quotas, and what was used day by day; at most 366 days.</summary>
    /// <param name="from">First day (UTC); null = 29 days before the last.</param>
    /// <param name="to">Last day; null = today.</param>
    public Task<UsageReport> GetUsageAsync(DateOnly? from, DateOnly? to, CancellationToken ct) =>
        GetAsync<UsageReport>($"usage{new QueryString().Add("from", Day(from)).Add("to", Day(to))}", ct);

    private static string? Day(DateOnly? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
