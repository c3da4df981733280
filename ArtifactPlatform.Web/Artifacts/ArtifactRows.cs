using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>The rows of one filter, newest first: pages from the platform with live changes woven in.</summary>
public sealed class ArtifactRows(ArtifactFilter filter)
{
    /// <summary>More rows than anyone reads; above it the oldest go, and "load more" brings them back.</summary>
    private const int MaxRows = 1000;

    /// <summary>Ids sort by time of creation, so the id alone orders the list.</summary>
    private static readonly Comparer<ArtifactObject> NewestFirst = Comparer<ArtifactObject>.Create((a, b) => string.CompareOrdinal(b.Id, a.Id));

    private readonly List<ArtifactObject> rows = [];

    /// <summary>Ids that events spoke of since the last question was sent: its answer may be older than they are.</summary>
    private readonly HashSet<string> changedSinceAsked = new(StringComparer.Ordinal);

    public ArtifactFilter Filter { get; } = filter;

    public IReadOnlyList<ArtifactObject> Shown => rows;

    public bool HasMore { get; private set; }

    public string? LastId => rows.Count > 0 ? rows[^1].Id : null;

    /// <summary>Call before asking the platform for a page.</summary>
    public void Asking() => changedSinceAsked.Clear();

    /// <summary>Adds the first page, or the one behind the last row.</summary>
    public void Append(Page<ArtifactObject> page)
    {
        ArgumentNullException.ThrowIfNull(page);
        PutAll(page);
        HasMore = page.HasMore;
        if (HasMore && page.Data.Count > 0)
        {
            // A change to an old artifact may have put it below the page's end; the gap between is not loaded yet.
            rows.RemoveAll(row => NewestFirst.Compare(row, page.Data[^1]) > 0);
        }
    }

    /// <summary>Brings the newest rows up to date; older ones that were loaded since stay.</summary>
    public void Refresh(Page<ArtifactObject> newest)
    {
        ArgumentNullException.ThrowIfNull(newest);
        var oldest = newest.HasMore && newest.Data.Count > 0 ? newest.Data[^1] : null;
        var present = newest.Data.Select(a => a.Id).ToHashSet(StringComparer.Ordinal);
        // Within the page's span, what it does not hold is gone or no longer fits.
        rows.RemoveAll(row => !present.Contains(row.Id) && !changedSinceAsked.Contains(row.Id) && (oldest is null || NewestFirst.Compare(row, oldest) < 0));
        PutAll(newest);
        HasMore = oldest is not null && (HasMore || rows.Count <= newest.Data.Count);
    }

    /// <returns>Whether anything on screen changes.</returns>
    public bool Apply(ArtifactChange change)
    {
        ArgumentNullException.ThrowIfNull(change);
        changedSinceAsked.Add(change.Id);
        if (change.Artifact is not { } artifact || !Filter.Fits(artifact))
        {
            return rows.RemoveAll(row => row.Id == change.Id) > 0;
        }

        // Below the last loaded row it waits for "load more".
        return (!HasMore || rows.Count == 0 || NewestFirst.Compare(artifact, rows[^1]) <= 0) && Put(artifact);
    }

    private void PutAll(Page<ArtifactObject> page)
    {
        foreach (var artifact in page.Data)
        {
            // An event took this row away while the page was under way.
            if (!changedSinceAsked.Contains(artifact.Id) || rows.BinarySearch(artifact, NewestFirst) >= 0)
            {
                Put(artifact);
            }
        }
    }

    private bool Put(ArtifactObject artifact)
    {
        var at = rows.BinarySearch(artifact, NewestFirst);
        if (at >= 0)
        {
            // An answer that an event has overtaken must not take the row back.
            if (artifact.UpdatedAt < rows[at].UpdatedAt)
            {
                return false;
            }

            rows[at] = artifact;
            return true;
        }

        rows.Insert(~at, artifact);
        if (rows.Count > MaxRows)
        {
            rows.RemoveRange(MaxRows, rows.Count - MaxRows);
            HasMore = true;
        }

        return true;
    }
}
