using ArtifactPlatform.Api.Errors;
using Microsoft.Extensions.Primitives;

namespace ArtifactPlatform.Api.Requests;

/// <summary>An answer as it is kept and given again.</summary>
/// <param name="Body">UTF-8 JSON; empty where there is none.</param>
/// <param name="Failure">Of an error: it is written anew, with the id of the request that it then answers.</param>
/// <param name="EndsAt">When the answer is of no more use, if that is before it would be removed anyway.</param>
internal sealed record StoredAnswer(int Status, string? ContentType, string? Location, string? CacheControl, string? Pragma, string Body, Failure? Failure, DateTimeOffset? EndsAt)
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
        response.Headers.Pragma = new StringValues(Pragma);
        if (Body.Length > 0)
        {
            await response.WriteAsync(Body, context.RequestAborted);
        }
    }
}

/// <summary>Feature of a request whose answer holds a token: the answer is not given again when the token has ended.</summary>
internal sealed record AnswerEnds(DateTimeOffset At);
