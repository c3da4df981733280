namespace ArtifactPlatform.Client.Usage;

/// <summary>What a company may use and has used: <c>GET /api/v1/usage</c>.</summary>
/// <param name="Days">Each day of the period, oldest first, also those on which nothing happened.</param>
public sealed record UsageReport(UsageQuotas Quotas, IReadOnlyList<UsageOfDay> Days);

/// <param name="StoredBytes">Of all artifacts together, as they were taken in.</param>
/// <param name="EncodeMinutes">Of the present calendar month (UTC).</param>
/// <param name="Views">Of the present calendar month (UTC).</param>
public sealed record UsageQuotas(CountQuota StoredBytes, MinuteQuota EncodeMinutes, CountQuota Views);

/// <param name="Used">Counted for good.</param>
/// <param name="Reserved">Put aside for what is under way.</param>
/// <param name="Limit">Both together stay below it; null = unlimited.</param>
public sealed record CountQuota(long Used, long Reserved, long? Limit);

/// <param name="Used">Minutes, to the thousandth; so are the others.</param>
/// <param name="Reserved">Put aside for what is under way.</param>
/// <param name="Limit">Both together stay below it; null = unlimited.</param>
public sealed record MinuteQuota(double Used, double Reserved, double? Limit);

/// <param name="Date">UTC.</param>
/// <param name="StoredBytes">At the day's end.</param>
/// <param name="IngestedBytes">Of the artifacts completed on it.</param>
/// <param name="EncodeMinutes">Of the videos that became ready on it.</param>
/// <param name="Views">Fetches of a master playlist or MPD.</param>
public sealed record UsageOfDay(DateOnly Date, long StoredBytes, long IngestedBytes, double EncodeMinutes, long Views);
