namespace ArtifactPlatform.NativeHosting.Running;

internal static class WaitUntil
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    /// <summary>Asks again and again, less often as time goes by.</summary>
    /// <exception cref="CannotStartException">It was not so within the limit.</exception>
    public static async Task TrueAsync(
        string what, Func<CancellationToken, Task<bool>> probe, TimeSpan limit, TimeProvider time, CancellationToken ct)
    {
        var deadline = time.GetUtcNow() + limit;
        for (var pause = First; !await probe(ct); pause = pause * 1.25 < Longest ? pause * 1.25 : Longest)
        {
            if (time.GetUtcNow() > deadline)
            {
                throw new CannotStartException($"{what} within {limit.TotalSeconds:0} s");
            }

            await Task.Delay(pause, time, ct);
        }
    }
}
