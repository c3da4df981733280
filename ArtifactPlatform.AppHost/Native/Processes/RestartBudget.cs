namespace ArtifactPlatform.NativeHosting.Processes;

/// <summary>
/// How long to wait before a program that died is started again: 1 s, 2 s, 4 s … 30 s, from the beginning once it has held out
/// for a minute; and never more than 20 times in 10 minutes, after which it is broken, not unlucky.
/// </summary>
internal sealed class RestartBudget
{
    public const int MostRestarts = 20;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HeldOut = TimeSpan.FromMinutes(1);
    private readonly Queue<DateTimeOffset> _deaths = new();
    private DateTimeOffset? _last;
    private int _inARow;

    public bool HasRestarted => _last is not null;

    /// <summary>Null when there is no further try.</summary>
    public TimeSpan? NextDelay(DateTimeOffset now)
    {
        while (_deaths.TryPeek(out var oldest) && now - oldest > Window)
        {
            _deaths.Dequeue();
        }

        if (_deaths.Count >= MostRestarts)
        {
            return null;
        }

        _inARow = _last is { } last && now - last < HeldOut + Longest ? _inARow + 1 : 0;
        _deaths.Enqueue(now);
        _last = now;
        var delay = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(_inARow, 10)));
        return delay < Longest ? delay : Longest;
    }
}
