using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Events;

/// <summary>Which types of event somebody wants: <c>artifact.created</c>, <c>artifact.*</c> for all of one kind, <c>*</c> for all.</summary>
public static class EventFilter
{
    public const string All = "*";

    private const string AllOfKind = ".*";

    public static IQueryable<EventRow> OfTypes(this IQueryable<EventRow> events, IReadOnlyCollection<string> wanted)
    {
        if (wanted.Contains(All))
        {
            return events;
        }

        var exact = wanted.Where(t => !t.EndsWith(AllOfKind, StringComparison.Ordinal)).ToArray();
        // "_" is a wildcard of LIKE.
        var patterns = wanted.Except(exact).Select(t => t[..^1].Replace("_", "\\_", StringComparison.Ordinal) + "%").ToArray();
        return events.Where(e => exact.Contains(e.Type) || patterns.Any(p => EF.Functions.Like(e.Type, p)));
    }

    /// <summary>Whether at least one of <paramref name="types"/> is what <paramref name="wanted"/> asks for.</summary>
    public static bool FitsAny(string wanted, IEnumerable<string> types) =>
        wanted == All || types.Any(t => t == wanted || (wanted.EndsWith(AllOfKind, StringComparison.Ordinal) && t.StartsWith(wanted[..^1], StringComparison.Ordinal)));
}
