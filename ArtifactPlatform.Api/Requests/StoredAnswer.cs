using ArtifactPlatform.Api.Errors;
using Microsoft.Extensions.Primitives;

namespace ArtifactPlatform.Api.Requests;

/// <summary>An answer as it is kept and given again.</summary>
/// <param name="Body">UTF-8 JSON; empty where there is none.</param>
/// <param name="Failure">Of an error: it is written anew, with the id of the request that it then answers.</param>
internal sealed record StoredAnswer(int Status, string? ContentType, string? Location, string? CacheControl, string Body, Failure? Failure)
{
    /// <summary>Says that the answer is that of an earlier request.</summary>
    public const string ReplayedHeader = "Idempotent-Replayed";

    public async Task ReplayAsync(HttpContext context)
    {
        var response = context.Response;
        response.Headers[ReplayedHeader] = "true";
        if (Failure is not null)
        {
            await Failure.WriteAsync(context);
            return;
        }

        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers.Location = new StringValues(Location);
        response.Headers.CacheControl = new StringValues(CacheControl);
        if (Body.Length > 0)
        {
            await response.WriteAsync(Body, context.RequestAborted);
        }
    }
}
