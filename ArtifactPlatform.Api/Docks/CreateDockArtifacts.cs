using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.Docks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.Docks;

/// <summary>Many deposits at once. Items are validated here and not by the framework, which would refuse all for the fault of one.</summary>
internal static class CreateDockArtifacts
{
    public static async Task<Results<Ok<DockArtifactBatch>, BadRequestError, NotFoundError>> Handle(
        string dockId, CreateDockArtifactsRequest request, Caller caller, StoreDeposits deposits, HttpContext http, CancellationToken ct)
    {
        if (request.Artifacts is not { Count: >= 1 and <= DockLimits.MaxBatch } items)
        {
            return Error.Bad(Error.InvalidParameter("artifacts", $"The field artifacts must be a list of 1 to {DockLimits.MaxBatch} objects."));
        }

        var faults = items.Select(Validate).ToList();
        var good = items.Zip(faults).Where(pair => pair.Second is null).Select(pair => pair.First).OfType<CreateDockArtifactRequest>().ToList();
        if (await deposits.StoreAsync(caller, dockId, good, ct) is not { } stored)
        {
            return Error.DockNotFound();
        }

        http.Response.Headers.CacheControl = "no-store";
        using var next = stored.GetEnumerator();
        return TypedResults.Ok(new DockArtifactBatch([.. faults.Select(fault => Show(fault is null && next.MoveNext() ? next.Current : new DepositResult(null, fault), http.TraceIdentifier))]));
    }

    private static Failure? Validate(CreateDockArtifactRequest? item)
    {
        if (item is null)
        {
            return Error.InvalidParameter(null, "An artifact must be an object.");
        }

        var faults = new List<ValidationResult>();
        if (Validator.TryValidateObject(item, new ValidationContext(item), faults, validateAllProperties: true))
        {
            return null;
        }

        var member = faults[0].MemberNames.First();
        var param = JsonNamingPolicy.CamelCase.ConvertName(member);
        return Error.InvalidParameter(param, (faults[0].ErrorMessage ?? "").Replace($" {member} ", $" {param} ", StringComparison.Ordinal));
    }

    private static DockArtifactBatchItem Show(DepositResult result, string requestId) => result switch
    {
        { Failure: { } f } => new(f.Status, null, new ApiError { Type = f.Type, Code = f.Code, Message = f.Message, Param = f.Param, RequestId = requestId }),
        { Artifact.IsDuplicate: true } => new(StatusCodes.Status200OK, result.Artifact, null),
        _ => new(StatusCodes.Status201Created, result.Artifact, null),
    };
}
