using ArtifactPlatform.Web.Platform;

namespace ArtifactPlatform.Web.Layout;

/// <summary>Which things a list shows. Two that say the same are equal.</summary>
public interface IListFilter<in T>
{
    /// <summary>All are shown.</summary>
    bool IsEmpty { get; }

    /// <summary>The platform's own rule, for things that events bring.</summary>
    bool Fits(T thing);
}

/// <summary>One page of a list, newest first.</summary>
/// <param name="Cursor">Leads to the next page; null on the last.</param>
public sealed record RowPage<T>(IReadOnlyList<T> Data, string? Cursor);

/// <summary>The rows of one filter, newest first: pages from the platform with live changes woven in.</summary>
public sealed class LiveRows<T, TFilter>(ThingKind<T> kind, TFilter filter)
    where T : class
    where TFilter : IListFilter<T>
{
    /// <summary>More rows than anyone reads; above it the oldest go, and "load more" brings them back.</summary>
    private const int MaxRows = 1000;

    /// <summary>Ids sort by time of creation, so the id alone orders the list.</summary>
    private readonly Comparer<T> newestFirst = Comparer<T>.Create((a, b) => string.CompareOrdinal(kind.IdOf(b), kind.IdOf(a)));

    private readonly List<T> rows = [];

    /// <summary>Where loaded pages ended, newest first: the cursor of the last one leads on.</summary>
    private readonly List<(T Last, string Cursor)> ends = [];

    /// <summary>Ids that events spoke of since the last question was sent: its answer may be older than they are.</summary>
    private readonly HashSet<string> changedSinceAsked = new(StringComparer.Ordinal);

    public TFilter Filter { get; } = filter;

    public IReadOnlyList<T> Shown => rows;

    public bool HasMore { get; private set; }

    /// <summary>Leads behind the last loaded page.</summary>
    public string? Cursor => ends.Count > 0 ? ends[^1].Cursor : null;

    public T? Last => rows.Count > 0 ? rows[^1] : null;

    /// <summary>Call before asking the platform for a page.</summary>
    public void Asking() => changedSinceAsked.Clear();

    /// <summary>Adds the first page, or the one behind the last row.</summary>
    public void Append(RowPage<T> page)
    {
        ArgumentNullException.ThrowIfNull(page);
        PutAll(page);
        HasMore = page.Cursor is not null;
        if (page is { Cursor: { } cursor, Data: [.., var last] })
        {
            // A change to an old thing may have put it below the page's end; the gap between is not loaded yet.
            rows.RemoveAll(row => newestFirst.Compare(row, last) > 0);
            ends.RemoveAll(end => newestFirst.Compare(end.Last, last) >= 0);
            ends.Add((last, cursor));
        }
    }

    /// <summary>Brings the newest rows up to date; older ones that were loaded since stay.</summary>
    public void Refresh(RowPage<T> newest)
    {
        ArgumentNullException.ThrowIfNull(newest);
        var oldest = newest.Cursor is not null && newest.Data.Count > 0 ? newest.Data[^1] : null;
        var present = newest.Data.Select(kind.IdOf).ToHashSet(StringComparer.Ordinal);
        // Within the page's span, what it does not hold is gone or no longer fits.
        rows.RemoveAll(row => !present.Contains(kind.IdOf(row)) && !changedSinceAsked.Contains(kind.IdOf(row)) && (oldest is null || newestFirst.Compare(row, oldest) < 0));
        PutAll(newest);
        HasMore = oldest is not null && (HasMore || rows.Count <= newest.Data.Count);
        if (!HasMore)
        {
            ends.Clear();
        }
        else if (oldest is not null && newest.Cursor is { } cursor && (ends.Count == 0 || newestFirst.Compare(oldest, ends[^1].Last) > 0))
        {
            ends.Add((oldest, cursor));
        }
    }

    /// <returns>Whether anything on screen changes.</returns>
    public bool Apply(Change<T> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        changedSinceAsked.Add(change.Id);
        if (change.Thing is not { } thing || !Filter.Fits(thing))
        {
            return rows.RemoveAll(row => kind.IdOf(row) == change.Id) > 0;
        }

        // Below the last loaded row it waits for "load more".
        return (!HasMore || rows.Count == 0 || newestFirst.Compare(thing, rows[^1]) <= 0) && Put(thing);
    }

    private void PutAll(RowPage<T> page)
    {
        foreach (var thing in page.Data)
        {
            // An event took this row away while the page was under way.
            if (!changedSinceAsked.Contains(kind.IdOf(thing)) || rows.BinarySearch(thing, newestFirst) >= 0)
            {
                Put(thing);
            }
        }
    }

    private bool Put(T thing)
    {
        var at = rows.BinarySearch(thing, newestFirst);
        if (at >= 0)
        {
            // An answer that an event has overtaken must not take the row back.
            if (kind.UpdatedAtOf(thing) < kind.UpdatedAtOf(rows[at]))
            {
                return false;
            }

            rows[at] = thing;
            return true;
        }

        rows.Insert(~at, thing);
        if (rows.Count > MaxRows)
        {
            rows.RemoveRange(MaxRows, rows.Count - MaxRows);
            // The next page is asked for from an end that is still on screen, if one is: what lies between comes twice, and harms nothing.
            ends.RemoveAll(end => ends.Count > 1 && newestFirst.Compare(end.Last, rows[^1]) > 0);
            HasMore = true;
        }

        return true;
    }
}
