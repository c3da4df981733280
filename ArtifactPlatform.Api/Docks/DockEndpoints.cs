using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.Docks;

internal static class DockEndpoints
{
    private const string CreateDescription =
        """
        Answers 201 and a presigned `uploadUrl` that takes one PUT within 15 minutes. The finished PUT is noticed within 2 seconds by itself; then size, SHA-256 and content type are read from the stored bytes. What differs from `size` or `hash` is refused as `upload_failed`, and its bytes are deleted.

        With the `hash` of content that the dock has, and its `size` or none, the answer is 200, that artifact, `isDuplicate: true`, and nothing to upload. Without, it is recognised after the upload, and stored once. Content whose file was lost in the store is taken anew, and makes all its artifacts whole again.
        """;

    private const string DownloadDescription =
        "Redirects to a presigned URL that is good for 5 minutes and carries the original file name; with `redirect=false` the URL comes as JSON. The stored file is made sure to be the one that was verified first; `Repr-Digest` (RFC 9530) says which SHA-256 must come.";

    public static void AddDocks(this IServiceCollection services) => services.AddScoped<StoreDeposits>();

    public static void MapDocks(this IEndpointRouteBuilder api)
    {
        var docks = api.MapGroup("/docks");
        docks.MapManagement();
        docks.MapClients();

        var (read, write) = (docks.MapGroup("/{dockId}").RequireAuthorization(Scopes.ArtifactsRead), docks.MapGroup("/{dockId}").RequireAuthorization(Scopes.ArtifactsWrite));
        MapDeposits(read.WithTags("Dock artifacts"), write.WithTags("Dock artifacts"), "Dock");
        write.MapDelete("/artifacts/{dockArtifactId}", DeleteDockArtifact.Handle).WithName("deleteDockArtifact").WithSummary("Delete a dock artifact")
            .WithDescription("Removes the record at once. The stored bytes go with the last artifact of the dock that leads to them.");

        // The same for machines: nothing but these lets one in.
        var machine = api.MapGroup("/machine/docks/{dockId}").WithTags("Machine artifacts");
        MapDeposits(machine.MapGroup("").RequireAuthorization(Policies.MachineRead), machine.MapGroup("").RequireAuthorization(Policies.MachineWrite), "Machine");
    }

    private static void MapManagement(this RouteGroupBuilder docks)
    {
        var see = docks.MapGroup("").RequireAuthorization(Policies.SeeDocks).WithTags("Docks");
        see.MapGet("", ListDocks.Handle).WithName("listDocks").WithSummary("List docks").WithDescription("Newest first.");
        see.MapGet("/{dockId}", GetDock.Handle).WithName("getDock").WithSummary("Get a dock").WithDescription("The dock as it is now.");

        var manage = docks.MapGroup("").RequireAuthorization(Scopes.Admin).WithTags("Docks");
        manage.MapPost("", CreateDock.Handle).WithName("createDock").WithSummary("Make a dock").WithDescription("A place that machines deposit files in. What is in one dock is known to nobody in another.");
        manage.MapPatch("/{dockId}", PatchDock.Handle).WithName("patchDock").WithSummary("Change a dock")
            .WithDescription("Members left out stay as they are. A new size limit holds for files that come from now on.");
        manage.MapDelete("/{dockId}", DeleteDock.Handle).WithName("deleteDock").WithSummary("Delete a dock")
            .WithDescription("Removes an empty dock and its machine clients, whose tokens are refused from then on. A dock that holds artifacts, or awaits some, stays.");
    }

    private static void MapClients(this RouteGroupBuilder docks)
    {
        var clients = docks.MapGroup("/{dockId}/clients").RequireAuthorization(Scopes.Admin).WithTags("Machine clients");
        clients.MapGet("", ListMachineClients.Handle).WithName("listMachineClients").WithSummary("List machine clients").WithDescription("Those of one dock, newest first.");
        clients.MapPost("", CreateMachineClient.Handle).WithName("createMachineClient").WithSummary("Make a machine client")
            .WithDescription("An OAuth2 client that is tied to this dock. `clientSecret` is in this answer only: it is stored as a hash and can't be shown again.");
        clients.MapPost("/{clientId}/rotate", RotateMachineClient.Handle).WithName("rotateMachineClient").WithSummary("Rotate a machine client's secret")
            .WithDescription("Gives the client a new secret under the same id. The old one ends at once, or after the grace period that is asked for; tokens that it fetched live out their hour. `clientSecret` is in this answer only.");
        clients.MapDelete("/{clientId}", DeleteMachineClient.Handle).WithName("deleteMachineClient").WithSummary("Delete a machine client")
            .WithDescription("The client and every token that it fetched are refused from then on. What it deposited stays.");
    }

    /// <param name="whose">Tells the operations of keys and machines apart.</param>
    private static void MapDeposits(IEndpointRouteBuilder read, IEndpointRouteBuilder write, string whose)
    {
        var (ofA, inA) = whose == "Machine" ? (" (machine)", " as a machine") : ("", "");
        write.MapPost("/artifacts", CreateDockArtifact.Handle).WithName($"create{whose}Artifact").WithSummary($"Deposit a file{ofA}").WithDescription(CreateDescription).ProducesQuotaExceeded();
        write.MapPost("/artifacts/batch", CreateDockArtifacts.Handle).WithName($"create{whose}Artifacts").WithSummary($"Deposit up to 100 files{ofA}").DisableValidation()
            .WithDescription($"Announces up to 100 files at once{inA}. Each has a result of its own, in the order of the request, with the status that it would have had alone: one that is refused keeps no other back.");

        read.MapGet("/artifacts", ListDockArtifacts.Handle).WithName($"list{whose}Artifacts").WithSummary($"List a dock's artifacts{ofA}")
            .WithDescription("One page, newest first. Completed ones carry a `downloadUrl` that is good for an hour. Give `meta.nextCursor` as `cursor` to get the next page; `offset` works too, and gets slower the larger it is.");
        read.MapGet("/artifacts/{dockArtifactId}", GetDockArtifact.Handle).WithName($"get{whose}Artifact").WithSummary($"Get a dock artifact{ofA}").WithDescription("The artifact as it is now; with a `downloadUrl` that is good for an hour once it is completed.");
        read.MapGet("/artifacts/{dockArtifactId}/download", DownloadDockArtifact.Handle).WithName($"download{whose}Artifact").WithSummary($"Download a dock artifact{ofA}").WithDescription(DownloadDescription)
            .Produces(StatusCodes.Status302Found).ProducesBadRequest();
        read.MapGet("/uploads/{dockUploadId}", GetDockUpload.Handle).WithName($"get{whose}Upload").WithSummary($"Get an upload{ofA}").WithDescription("How the upload of an artifact stands, by the artifact's `uploadId`.");
    }
}
