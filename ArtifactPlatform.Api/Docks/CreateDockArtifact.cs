using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Docks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Docks;

internal static class CreateDockArtifact
{
    public static async Task<Results<Created<DockArtifactObject>, Ok<DockArtifactObject>, BadRequestError, NotFoundError, ConflictError, FailureResult>> Handle(
        string dockId, CreateDockArtifactRequest request, Caller caller, StoreDeposits deposits, HttpRequest http, CancellationToken ct)
    {
        if (await deposits.StoreAsync(caller, dockId, [request], ct) is not [var result])
        {
            return Error.DockNotFound();
        }

        http.HttpContext.Response.Headers.CacheControl = "no-store";
        return result switch
        {
            { Failure: { Status: StatusCodes.Status409Conflict } conflict } => new ConflictError(conflict),
            { Failure: { Status: StatusCodes.Status402PaymentRequired } full } => new FailureResult(full),
            { Failure: { } failure } => Error.Bad(failure),
            { Artifact: { IsDuplicate: true } known } => TypedResults.Ok(known),
            { Artifact: { } made } => TypedResults.Created($"{http.Path}/{made.Id}", made),
            _ => throw new InvalidOperationException("A deposit was neither stored nor refused."),
        };
    }
}
