namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>A program to run: an argument list, never a shell's line.</summary>
internal sealed record ProcessSpec(string Name, string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>On top of the inherited environment; null takes a variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    public string WorkingDirectory { get; init; } = "/";

    /// <summary>What the kernel sends it when this process dies, however it dies.</summary>
    public Signal DeathSignal { get; init; } = Signal.Kill;

    /// <summary>What asks it to stop.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>How long it may take to stop before it is killed.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The user to run as, for a program that refuses root; null to stay who we are.</summary>
    public string? User { get; init; }

    /// <summary>
    /// The whole line: setpriv sets the death signal (and the user), setsid takes it out of the terminal's reach, so that
    /// Ctrl-C comes to this process alone, which then stops the others in order. Both replace themselves: the pid is the program's.
    /// </summary>
    public IReadOnlyList<string> Line =>
    [
        "setpriv",
        // dac_override: the data folder may lie where only root may look.
        .. User is null
            ? Array.Empty<string>()
            : ["--reuid", User, "--regid", User, "--clear-groups", "--inh-caps", "+dac_override", "--ambient-caps", "+dac_override"],
        "--pdeathsig", DeathSignal.ShortName(), "--", "setsid", FileName, .. Arguments,
    ];
}
