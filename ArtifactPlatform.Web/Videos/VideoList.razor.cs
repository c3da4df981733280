using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Videos;

/// <summary>All videos of the company, live.</summary>
public sealed partial class VideoList(PlatformSession session, EventFeed feed, NavigationManager navigation, TimeProvider clock)
    : LiveList<VideoObject, VideoFilter>(session, feed, VideoKind.Instance, clock)
{
    protected override VideoFilter Filter => VideoFilter.Parse(Status, Search);

    [SupplyParameterFromQuery]
    private string? Status { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    private string? Search { get; set; }

    protected override async Task<RowPage<VideoObject>> FetchAsync(PlatformClient client, VideoFilter filter, LiveRows<VideoObject, VideoFilter>? after)
    {
        var page = await client.ListVideosAsync(filter.Status, filter.Search, after?.Cursor, PageSize, Gone);
        return new(page.Data, page.NextCursor);
    }

    protected override VideoObject Slim(VideoObject thing) => thing with { Description = null, Passthrough = null, Captions = [], Errors = [], InputReasons = [] };

    private void Show(VideoFilter filter) => navigation.NavigateTo(filter.ToAddress(navigation), replace: true);
}
