namespace ArtifactPlatform.Client;

/// <summary>Waits between tries: doubling from <see cref="First"/> to <see cref="Longest"/>, each shortened by chance so that many clients don't come back at once.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private TimeSpan next = First;
    private TimeSpan atLeast;

    public void Reset() => next = First;

    /// <summary>What the server asked for.</summary>
    public void AtLeast(TimeSpan? wait) => atLeast = wait ?? TimeSpan.Zero;

    public TimeSpan Next()
    {
#pragma warning disable CA5394 // Spreads load; guards nothing.
        var wait = next * (0.5 + (Random.Shared.NextDouble() / 2));
#pragma warning restore CA5394
        next = next * 2 < Longest ? next * 2 : Longest;
        wait = wait > atLeast ? wait : atLeast;
        atLeast = TimeSpan.Zero;
        return wait;
    }
}
