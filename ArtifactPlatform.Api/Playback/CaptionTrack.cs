using System.Globalization;
using ArtifactPlatform.Core.Database;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Playback;

/// <summary>A caption track as both kinds of manifest name it.</summary>
/// <param name="Id"><c>cap_…</c>.</param>
/// <param name="Language">BCP 47.</param>
/// <param name="Name">No other track of the video has it.</param>
internal sealed record CaptionTrack(string Id, string Language, string Name)
{
    /// <summary>Those of a video, in the order in which they were attached.</summary>
    public static async Task<IReadOnlyList<CaptionTrack>> OfAsync(PlatformDb db, string videoId, CancellationToken ct)
    {
        var taken = new HashSet<string>();
        return await db.Captions.AsNoTracking().Where(c => c.VideoId == videoId).OrderBy(c => c.Id).AsAsyncEnumerable()
            .Select(c => new CaptionTrack(c.Id, c.Language, Unused(HlsManifests.Quoted(c.Name), taken)))
            .ToListAsync(ct);
    }

    /// <summary>Names are unique in a group (RFC 8216, 4.3.4.1.1), and players of DASH show nothing else to tell two tracks apart.</summary>
    private static string Unused(string name, HashSet<string> taken)
    {
        var unused = name;
        for (var number = 2; !taken.Add(unused); number++)
        {
            unused = string.Create(CultureInfo.InvariantCulture, $"{name} ({number})");
        }

        return unused;
    }
}
