using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>All artifacts of the company, live.</summary>
public sealed partial class ArtifactList(PlatformSession session, EventFeed feed, NavigationManager navigation, TimeProvider clock)
    : LiveList<ArtifactObject, ArtifactFilter>(session, feed, ArtifactKind.Instance, clock)
{
    protected override ArtifactFilter Filter => ArtifactFilter.Parse(Type, Status, Search);

    [SupplyParameterFromQuery]
    private string? Type { get; set; }

    [SupplyParameterFromQuery]
    private string? Status { get; set; }

    [SupplyParameterFromQuery]
    private string? Search { get; set; }

    protected override async Task<RowPage<ArtifactObject>> FetchAsync(PlatformClient client, ArtifactFilter filter, LiveRows<ArtifactObject, ArtifactFilter>? after)
    {
        // The cursor is the id of an artifact that must still be there; the last row is, more likely than the last page's end.
        var page = await client.ListArtifactsAsync(filter.ToQuery(PageSize, after?.Last?.Id), Gone);
        return new(page.Data, page is { HasMore: true, Data: [.., var last] } ? last.Id : null);
    }

    protected override ArtifactObject Slim(ArtifactObject thing) => thing with { Media = null, Fragments = null, Metadata = null };

    private void Show(ArtifactFilter filter) => navigation.NavigateTo(filter.ToAddress(navigation), replace: true);
}
