using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Client.Retention;

/// <summary>How long a company keeps what it no longer needs, in days.</summary>
public sealed record RetentionObject
{
    /// <summary>Entries of the event log; progress events go after an hour in any case.</summary>
    public required int EventsDays { get; init; }

    /// <summary>Webhook deliveries and their answers.</summary>
    public required int DeliveriesDays { get; init; }

    /// <summary>Artifacts that failed, aborted upload sessions, and failed deposits.</summary>
    public required int FailedUploadsDays { get; init; }

    /// <summary>How long a deleted artifact can be restored; 0 = its files are removed at once.</summary>
    public required int DeletedArtifactsDays { get; init; }

    /// <summary>Null while the defaults hold.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>Changes to the settings; members left out stay as they are.</summary>
public sealed record PatchRetentionRequest : PatchRequest
{
    /// <summary>7-3650: a webhook is tried for three days, and a week's absence must not cost a reader anything.</summary>
    [NeverNull, Range(RetentionLimits.LeastDays, RetentionLimits.MostDays)]
    public int? EventsDays
    {
        get;
        init => field = Named(value);
    }

    /// <summary>7-3650: longer than a delivery is tried for.</summary>
    [NeverNull, Range(RetentionLimits.LeastDays, RetentionLimits.MostDays)]
    public int? DeliveriesDays
    {
        get;
        init => field = Named(value);
    }

    /// <summary>1-3650.</summary>
    [NeverNull, Range(RetentionLimits.LeastFailedDays, RetentionLimits.MostDays)]
    public int? FailedUploadsDays
    {
        get;
        init => field = Named(value);
    }

    /// <summary>0-90. What was deleted before keeps the time that it was given.</summary>
    [NeverNull, Range(0, RetentionLimits.MostDeletedDays)]
    public int? DeletedArtifactsDays
    {
        get;
        init => field = Named(value);
    }
}

/// <summary>Bounds of the settings, in days.</summary>
public static class RetentionLimits
{
    public const int LeastDays = 7;
    public const int LeastFailedDays = 1;

    /// <summary>Ten years: the longest that records are commonly asked to be kept.</summary>
    public const int MostDays = 3650;

    /// <summary>What was deleted is meant to go; a quarter is time enough to notice a mistake.</summary>
    public const int MostDeletedDays = 90;
}
