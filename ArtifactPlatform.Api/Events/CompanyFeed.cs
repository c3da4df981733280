using System.Threading.Channels;

namespace ArtifactPlatform.Api.Events;

/// <summary>What a reader gets: the frames behind its cursor, where the cursor is then, and a task that ends when there is more.</summary>
/// <param name="Frames">Null: the cursor lies behind what is kept here; read the log itself, which is complete up to <paramref name="Cursor"/>.</param>
internal readonly record struct FeedRead(IReadOnlyList<EventFrame>? Frames, long Cursor, Task Grown);

/// <summary>
/// The newest events of one company, read from the log once for all listeners of this process. Readers keep their own cursors; whoever
/// falls behind reads the log itself, so neither a slow one nor a long absence costs memory here.
/// </summary>
internal sealed class CompanyFeed(string companyId, long head)
{
    /// <summary>More than any burst that a live reader is late by; and together with <see cref="MaxBytes"/> what a company costs at most.</summary>
    private const int MaxFrames = 1024;

    private const long MaxBytes = 4 << 20;

    private readonly Lock gate = new();
    private readonly List<EventFrame> frames = [];
    private TaskCompletionSource grown = New();
    private long kept;

    /// <summary>All events above it are in <see cref="frames"/>.</summary>
    private long floor = head;
    private long last = head;

    public string CompanyId { get; } = companyId;

    /// <summary>Open streams; guarded by the hub.</summary>
    public int Listeners { get; set; }

    public CancellationTokenSource Closed { get; } = new();

    /// <summary>Set when there may be something new; the hub's reader of this feed takes it.</summary>
    public Channel<bool> Nudges { get; } = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>The last event that was read from the log.</summary>
    public long Last
    {
        get
        {
            lock (gate)
            {
                return last;
            }
        }
    }

    public void Nudge() => Nudges.Writer.TryWrite(true);

    public FeedRead Read(long cursor)
    {
        lock (gate)
        {
            if (cursor < floor)
            {
                return new FeedRead(Frames: null, floor, grown.Task);
            }

            var first = FirstAbove(cursor);
            return new FeedRead(frames.GetRange(first, frames.Count - first), Math.Max(cursor, last), grown.Task);
        }
    }

    /// <summary>Takes in the events behind <see cref="Last"/>, in order, and wakes the readers.</summary>
    public void Append(IReadOnlyList<EventFrame> more)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            frames.AddRange(more);
            kept += more.Sum(f => (long)f.Bytes.Length);
            last = more[^1].Sequence;
            Trim();
            waiting = grown;
            grown = New();
        }

        waiting.SetResult();
    }

    /// <summary>Drops the older half rather than one by one: a list moves its rest each time.</summary>
    private void Trim()
    {
        while (frames.Count > MaxFrames || (kept > MaxBytes && frames.Count > 1))
        {
            var drop = Math.Max(1, frames.Count / 2);
            kept -= frames.Take(drop).Sum(f => (long)f.Bytes.Length);
            floor = frames[drop - 1].Sequence;
            frames.RemoveRange(0, drop);
        }
    }

    private int FirstAbove(long cursor)
    {
        var (low, high) = (0, frames.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = frames[middle].Sequence > cursor ? (low, middle) : (middle + 1, high);
        }

        return low;
    }

    /// <summary>Readers go on elsewhere than on the thread that appends.</summary>
    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
