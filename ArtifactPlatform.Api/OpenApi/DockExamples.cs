using System.Text.Json.Nodes;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.OAuth;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.ApiKeys;
using static ArtifactPlatform.Api.OpenApi.Examples;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The examples of the routes for docks, machine clients and their tokens.</summary>
internal static class DockExamples
{
    public static Dictionary<string, Example> All()
    {
        var (noDock, noClient) = (Error.DockNotFound().Failure, Error.MachineClientNotFound().Failure);
        var (admin, see) = (Error.ScopeMissing(Scopes.Admin), Error.ScopeMissing(Scopes.ArtifactsRead));
        var examples = new Dictionary<string, Example>
        {
            ["listDocks"] = None.Answers(("page", new Page<DockObject>([DockSamples.Dock], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, see),
            ["getDock"] = None.Answers(("dock", DockSamples.Dock)).Fails(noDock, see),
            ["createDock"] = None.Asks(("dock", DockSamples.NewDock)).Answers(("dock", DockSamples.Dock)).Fails(Error.InvalidParameter("name", "The name field is required."), Error.TooManyInCompany("docks", 1000).Failure, admin),
            ["patchDock"] = None.Asks(("limit", new PatchDockRequest { MaxSizeBytes = 100_000_000 })).Answers(("dock", DockSamples.Dock with { MaxSizeBytes = 100_000_000 })).Fails(noDock, admin),
            ["deleteDock"] = None.Fails(noDock, Error.DockNotEmpty().Failure, admin),
            ["listMachineClients"] = None.Answers(("page", new Page<MachineClientObject>([DockSamples.Client], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, noDock, admin),
            ["createMachineClient"] = None.Asks(("client", DockSamples.NewClient)).Answers(("client", DockSamples.CreatedClient)).Fails(Error.UnknownScope("scopes[0]", Scopes.Machine).Failure, noDock, Error.TooManyInDock("machine clients", 100).Failure, admin),
            ["rotateMachineClient"] = None.Asks(("grace", new RotateMachineClientRequest { GracePeriodSeconds = 3600 })).Answers(("client", DockSamples.CreatedClient with { PreviousSecretExpiresAt = DockSamples.Client.CreatedAt.AddHours(1) }))
                .Fails(Error.InvalidParameter("gracePeriodSeconds", "The field gracePeriodSeconds must be between 0 and 604800."), noClient, Error.MachineClientChanged().Failure, admin),
            ["deleteMachineClient"] = None.Fails(noClient, admin),
            ["deleteDockArtifact"] = None.Fails(Error.DockArtifactNotFound().Failure),
            ["issueToken"] = None.Answers(("token", DockSamples.Token)) with
            {
                Errors = new[] { Error.BodyTooLarge(), Error.RateLimited(TimeSpan.FromSeconds(1)), Error.Internal(), Error.DependencyUnavailable() }.ToDictionary(f => f.Status, TokenErrorForm.Of)
                    .Append(new(400, TokenRefused.Request("grant_type is required.").Body)).Append(new(401, TokenClientRefused.Body))
                    .ToDictionary(e => e.Key, e => Node(e.Value) ?? new JsonObject()),
            },
            ["getSigningKeys"] = None.Answers(("keys", DockSamples.Keys)),
            ["getAuthorizationServer"] = None.Answers(("server", DockSamples.Server)),
        };
        AddDeposits(examples, "Dock", see, Error.ScopeMissing(Scopes.ArtifactsWrite));
        AddDeposits(examples, "Machine", Error.DockDenied(), Error.DockDenied());
        return examples;
    }

    private static void AddDeposits(Dictionary<string, Example> examples, string whose, Failure mayNotRead, Failure mayNotWrite)
    {
        var (noDock, noArtifact) = (Error.DockNotFound().Failure, Error.DockArtifactNotFound().Failure);
        var tooLarge = Error.DepositTooLarge(DockSamples.Dock.MaxSizeBytes).Failure;
        examples[$"create{whose}Artifact"] = None.Asks(("record", DockSamples.Deposit)).Answers(("new", DockSamples.Announced), ("duplicate", DockSamples.Completed with { IsDuplicate = true, DownloadUrl = null, ExpiresAt = null }))
            .Fails(Error.InvalidParameter("filename", "The filename field is required."), noDock, tooLarge, mayNotWrite);
        examples[$"create{whose}Artifacts"] = None.Asks(("two", new CreateDockArtifactsRequest { Artifacts = [DockSamples.Deposit, new() { Filename = "scan.pdf" }] })).Answers(("results", DockSamples.Batch))
            .Fails(Error.InvalidParameter("artifacts", "The field artifacts must be a list of 1 to 100 objects."), noDock, mayNotWrite);
        examples[$"list{whose}Artifacts"] = None.Answers(("page", new DockArtifactPage([DockSamples.Completed], new DockArtifactPageMeta(41, HasMore: true, DockSamples.Completed.Id)))).Fails(Error.InvalidMetadataFilter().Failure, noDock, mayNotRead);
        examples[$"get{whose}Artifact"] = None.Answers(("completed", DockSamples.Completed)).Fails(noArtifact, mayNotRead);
        examples[$"download{whose}Artifact"] = None.Answers(("url", DockSamples.Download)).Fails(Error.InvalidParameter("redirect", "The value has the wrong form."), noArtifact, mayNotRead);
        examples[$"get{whose}Upload"] = None.Answers(("completed", DockSamples.Upload), ("failed", DockSamples.FailedUpload)).Fails(Error.DockUploadNotFound().Failure, mayNotRead);
    }
}
