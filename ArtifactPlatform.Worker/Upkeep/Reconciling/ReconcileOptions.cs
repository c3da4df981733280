using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>Settings <c>Reconcile:*</c>.</summary>
public sealed record ReconcileOptions
{
    /// <summary>Whether objects without rows are removed; they are counted in any case.</summary>
    public bool Remove { get; init; } = true;

    /// <summary>
    /// How old an object without a row must be to be removed. The longest writing, an encode, takes a day at most; and it is the time in
    /// which a database that was set back to a backup can be mended without losing files.
    /// </summary>
    [Range(typeof(TimeSpan), "1.01:00:00", "365.00:00:00")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(3);

    /// <summary>Objects looked at in one step. S3 lists no more than 1,000 at once.</summary>
    [Range(1, 1000)]
    public int PageSize { get; init; } = 1000;

    /// <summary>From the end of one pass over the bucket to the start of the next.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Interval { get; init; } = TimeSpan.FromHours(6);
}
