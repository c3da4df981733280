using ArtifactPlatform.Core.Queue;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>How a run of a job ended. The pump alone decides what follows from it.</summary>
public abstract record JobOutcome
{
    private JobOutcome()
    {
    }

    /// <summary>Finished, or there was nothing to do.</summary>
    public sealed record Done : JobOutcome;

    /// <summary>Something outside failed that may well work later. Once the attempts are used up it counts as <see cref="Dead"/>.</summary>
    /// <param name="Code">Stable word for the failure.</param>
    /// <param name="Reason">For a person.</param>
    /// <param name="After">Not before this long; null = the usual backoff.</param>
    public sealed record Retry(string Code, string Reason, TimeSpan? After = null) : JobOutcome;

    /// <summary>No further attempt can help.</summary>
    /// <param name="Code">Stable word for the failure.</param>
    /// <param name="Reason">For a person.</param>
    public sealed record Dead(string Code, string Reason) : JobOutcome;
}

/// <summary>Does one kind of job. It may run twice for one job, even at once on two machines: everything it commits is compare-and-set.</summary>
public abstract class JobHandler
{
    /// <summary>From <see cref="JobKinds"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>Does the work.</summary>
    /// <param name="ct">Cancelled when the lease is lost, the time limit is reached, or the process must end.</param>
    public abstract Task<JobOutcome> HandleAsync(Job job, CancellationToken ct);

    /// <summary>Tells the job's subject that it has failed for good. Called before the job is marked dead, and again if that did not last.</summary>
    public abstract Task BuryAsync(Job job, string code, string reason, CancellationToken ct);
}
