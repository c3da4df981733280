using System.Text.Json;

namespace ArtifactPlatform.Api.Errors;

/// <summary>Puts what the framework would answer as problem details into the error envelope. It names the first field at fault.</summary>
internal sealed class ValidationErrors : IProblemDetailsService
{
    public async ValueTask WriteAsync(ProblemDetailsContext context) => await TryWriteAsync(context);

    public async ValueTask<bool> TryWriteAsync(ProblemDetailsContext context)
    {
        var failure = context.ProblemDetails is HttpValidationProblemDetails { Errors.Count: > 0 } validation
            ? Explain(validation, context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<SnakeCaseNames>() is null ? JsonNamingPolicy.CamelCase : JsonNamingPolicy.SnakeCaseLower)
            : Error.ForStatus(context.ProblemDetails.Status ?? context.HttpContext.Response.StatusCode);
        await failure.WriteAsync(context.HttpContext);
        return true;
    }

    private static Failure Explain(HttpValidationProblemDetails validation, JsonNamingPolicy naming)
    {
        var (path, messages) = validation.Errors.First();
        // Fragments[2].StartTime as the contract writes it: fragments[2].startTime.
        var param = string.Join('.', path.Split('.').Select(naming.ConvertName));
        var (member, word) = (path[(path.LastIndexOf('.') + 1)..], param[(param.LastIndexOf('.') + 1)..]);
        return Error.InvalidParameter(param, messages[0].Replace($" {member} ", $" {word} ", StringComparison.Ordinal));
    }
}
