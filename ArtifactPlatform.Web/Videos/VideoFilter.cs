using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Web.Layout;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Videos;

/// <summary>What the list shows. It lives in the page's address, so that a reload or a link shows the same.</summary>
public sealed record VideoFilter(VideoStatus? Status, string? Search) : IListFilter<VideoObject>
{
    public static VideoFilter All { get; } = new(null, null);

    public bool IsEmpty => this == All;

    /// <summary>Unknown words filter nothing.</summary>
    public static VideoFilter Parse(string? status, string? search) => new(
        Enum.GetValues<VideoStatus>().Where(known => Word(known) == status).Select(known => (VideoStatus?)known).FirstOrDefault(),
        string.IsNullOrWhiteSpace(search) ? null : search);

    public static string Word(VideoStatus status) => status.ToString().ToLowerInvariant();

    public string ToAddress(NavigationManager navigation) => navigation.GetUriWithQueryParameters(new Dictionary<string, object?>
    {
        ["status"] = Status is { } status ? Word(status) : null,
        ["q"] = Search,
    });

    /// <summary>The platform's own rule: title, description or a tag contains the text in any case of letters.</summary>
    public bool Fits(VideoObject thing)
    {
        ArgumentNullException.ThrowIfNull(thing);
        return (Status is null || thing.Status == Status)
            && (Search is null || Holds(thing.Title) || Holds(thing.Description) || thing.Tags.Any(Holds));
    }

    private bool Holds(string? text) => Search is not null && text?.Contains(Search, StringComparison.OrdinalIgnoreCase) == true;
}
