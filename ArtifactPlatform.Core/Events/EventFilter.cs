using ArtifactPlatform.Core.ApiKeys;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Core.Events;

/// <summary>Which types of event somebody wants: <c>artifact.created</c>, <c>artifact.*</c> for all of one kind, <c>*</c> for all.</summary>
public static class EventFilter
{
    public const string All = "*";

    private const string AllOfKind = ".*";

    /// <summary>Who may read a thing may follow it: an event shows the whole of it.</summary>
    private static readonly (string Kind, string Scope)[] Covered =
    [
        ("artifact" + AllOfKind, Scopes.ArtifactsRead),
        ("video" + AllOfKind, Scopes.VideosRead),
        ("upload" + AllOfKind, Scopes.VideosRead),
    ];

    /// <summary>What a caller with these scopes may see.</summary>
    public static IReadOnlyList<string> CoveredBy(IReadOnlySet<string> scopes) => [.. Covered.Where(c => scopes.Contains(c.Scope)).Select(c => c.Kind)];

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

    /// <summary>Whether events of this type are among those that <paramref name="wanted"/> asks for: <see cref="OfTypes"/> for one that is in memory.</summary>
    public static bool Includes(IReadOnlyCollection<string> wanted, string type) => wanted.Any(w => Fits(w, type));

    /// <summary>Whether at least one of <paramref name="types"/> is what <paramref name="wanted"/> asks for.</summary>
    public static bool FitsAny(string wanted, IEnumerable<string> types) => wanted == All || types.Any(type => Fits(wanted, type));

    private static bool Fits(string wanted, string type) =>
        wanted == All || wanted == type || (wanted.EndsWith(AllOfKind, StringComparison.Ordinal) && type.AsSpan().StartsWith(wanted.AsSpan(0, wanted.Length - 1), StringComparison.Ordinal));
}
