using System.Globalization;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Json;

namespace ArtifactPlatform.Api.Errors;

/// <summary>An error answer that does not know its request yet. <see cref="Error"/> makes them.</summary>
public sealed record Failure(int Status, string Type, string Code, string Message, string? Param = null)
{
    /// <summary>For how long a client should stay away while a dependency is down: most restarts are over by then.</summary>
    private const int RetryAfterSeconds = 5;

    /// <summary>When to come back, where that can be told.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The same request may well succeed once something else was done, as uploading the file: the answer is not kept for its idempotency key.</summary>
    public bool Passing { get; init; }

    /// <summary>The code of the failure that <paramref name="context"/> was answered with, for the log; null when it went well.</summary>
    public static string? CodeOf(HttpContext context) => context.Features.Get<Failure>()?.Code;

    public async Task WriteAsync(HttpContext context)
    {
        context.Features.Set(this);
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        switch (Status)
        {
            case StatusCodes.Status401Unauthorized:
                response.Headers.WWWAuthenticate = "Bearer";
                break;
            case StatusCodes.Status503ServiceUnavailable:
                response.Headers.RetryAfter = RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
                break;
        }

        if (TokenErrorForm.Covers(context))
        {
            await response.WriteAsJsonAsync(TokenErrorForm.Of(this), ContractJson.Options, CancellationToken.None);
            return;
        }

        var error = new ApiError { Type = Type, Code = Code, Message = Message, Param = Param, RequestId = context.TraceIdentifier };
        // Not with the request's own token: a timeout has cancelled that, and still wants to be told.
        await response.WriteAsJsonAsync(new ErrorEnvelope(error), ContractJson.Options, CancellationToken.None);
    }
}
