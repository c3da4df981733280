namespace ArtifactPlatform.Core.Docks;

/// <summary>Limits of docks that are not part of a request's own form.</summary>
public static class DockLimits
{
    /// <summary>Far above one dock for each customer of a company of usual size; a script that makes docks in a loop ends here.</summary>
    public const int MaxDocks = 1000;

    /// <summary>Machines of one dock.</summary>
    public const int MaxClients = 100;

    /// <summary>Artifacts of one batch, as the contract has it.</summary>
    public const int MaxBatch = 100;

    /// <summary>How long a download address in a list lives, as the contract has it.</summary>
    public static readonly TimeSpan ListedUrlLifetime = TimeSpan.FromHours(1);
}
