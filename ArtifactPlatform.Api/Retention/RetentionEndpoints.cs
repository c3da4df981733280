using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Retention;

internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder api)
    {
        var retention = api.MapGroup("/settings/retention").WithTags("Settings");

        retention.MapGet("", GetRetention.Handle).RequireAuthorization(Scopes.ArtifactsRead).WithName("getRetention").WithSummary("How long things are kept").WithDescription("In days. The defaults hold until they are changed.");
        retention.MapPatch("", PatchRetention.Handle).RequireAuthorization(Scopes.Admin).WithName("patchRetention").WithSummary("Change how long things are kept")
            .WithDescription("Members left out stay as they are. What is too old then is removed within minutes, for good. With `deletedArtifactsDays` above 0, artifacts that are deleted from then on can be restored for so long.");
    }
}
