using System.Security.Cryptography;
using System.Text;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Requests;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ArtifactPlatform.Api.Requests;

/// <summary>
/// <c>Idempotency-Key</c>: a POST that is sent again with its key gets the first one's answer and changes nothing. It holds for every
/// POST, so no handler can forget it, once it is known who sends it.
/// </summary>
internal sealed partial class Idempotency(RequestDelegate next, IdempotencyKeys keys, IOptions<RequestLimits> limits, TimeProvider clock, ILogger<Idempotency> logger)
{
    public const string Header = "Idempotency-Key";

    /// <summary>The contract's.</summary>
    public const int MaxKeyLength = 255;

    /// <summary>Larger answers are given once: the longest, 1,000 signed URLs, stay below it.</summary>
    private const int MaxAnswerBytes = 1 << 20;

    /// <summary>For keeping the answer when the client, or its patience, is gone.</summary>
    private static readonly TimeSpan KeepTimeout = TimeSpan.FromSeconds(5);

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!HttpMethods.IsPost(context.Request.Method) || context.GetEndpoint() is not RouteEndpoint || !context.Request.Headers.TryGetValue(Header, out var values))
        {
            await next(context);
            return;
        }

        if (values is not [{ Length: > 0 and <= MaxKeyLength } key] || key.Any(char.IsControl))
        {
            await Error.InvalidIdempotencyKey(MaxKeyLength).WriteAsync(context);
            return;
        }

        context.Request.EnableBuffering((int)RequestLimits.MaxBodyBytes);
        var owner = await KeyOwner.OfAsync(context);
        context.Request.Body.Position = 0;
        if (owner is null)
        {
            await next(context);
            return;
        }

        switch (await keys.ClaimAsync(owner, key, await FingerprintAsync(context.Request, owner), context.RequestAborted))
        {
            case KeyClaim.First first:
                await RunAsync(context, first.Run, owner);
                break;
            case KeyClaim.Answered answered:
                await answered.Answer.ReplayAsync(context);
                break;
            case KeyClaim.Refused refused:
                await refused.Failure.WriteAsync(context);
                break;
        }
    }

    private static async Task<byte[]> FingerprintAsync(HttpRequest request, KeyOwner owner)
    {
        var body = owner.Body is null ? await SHA256.HashDataAsync(request.Body, request.HttpContext.RequestAborted) : SHA256.HashData(owner.Body);
        request.Body.Position = 0;
        return SHA256.HashData([.. Encoding.UTF8.GetBytes($"{request.Method} {request.PathBase}{request.Path}{request.QueryString}\n"), .. body]);
    }

    /// <summary>Carries the request out to its end even when the client hangs up: that client is the one who will ask again.</summary>
    private async Task RunAsync(HttpContext context, IdempotentRun run, KeyOwner owner)
    {
        var (body, aborted) = (context.Response.Body, context.RequestAborted);
        using var answer = new MemoryStream();
        using var patience = new CancellationTokenSource(limits.Value.RequestTimeout, clock);
        (context.Response.Body, context.RequestAborted) = (answer, patience.Token);
        try
        {
            using (run.Enter())
            {
                await next(context);
            }
        }
        catch (RunSupersededException)
        {
            (context.Response.Body, context.RequestAborted) = (body, aborted);
            await Error.IdempotencyKeyInUse(IdempotencyKeys.ComeBack).WriteAsync(context);
            return;
        }
        catch
        {
            await SettleAsync(run, answer: null);
            throw;
        }
        finally
        {
            (context.Response.Body, context.RequestAborted) = (body, aborted);
        }

        await SettleAsync(run, ToKeep(context, answer, owner));
        answer.Position = 0;
        await answer.CopyToAsync(body, aborted);
    }

    /// <returns>Null when sending the request again may go better, and should be tried.</returns>
    private static StoredAnswer? ToKeep(HttpContext context, MemoryStream answer, KeyOwner owner)
    {
        var (response, failure) = (context.Response, context.Features.Get<Failure>());
        var passing = failure?.Passing == true
            || response.StatusCode is >= 500 or 401 or 402 or 403 or 408 or 409 or 415 or 429
            // Anyone can make secrets up: nothing is kept for those that open nothing.
            || (response.StatusCode >= 400 && !owner.IsSignedIn)
            || answer.Length > MaxAnswerBytes;
        return passing ? null : new StoredAnswer(
            response.StatusCode,
            response.ContentType,
            response.Headers.Location,
            response.Headers.CacheControl,
            response.Headers.Pragma,
            failure is null ? Encoding.UTF8.GetString(answer.GetBuffer(), 0, (int)answer.Length) : "",
            failure,
            context.Features.Get<AnswerEnds>()?.At);
    }

    /// <summary>Never fails: the client gets its answer. What is not settled here ends with the lease.</summary>
    private async Task SettleAsync(IdempotentRun run, StoredAnswer? answer)
    {
        using var timeout = new CancellationTokenSource(KeepTimeout, clock);
        try
        {
            await (answer is null ? keys.ReleaseAsync(run, timeout.Token) : keys.KeepAsync(run, answer, timeout.Token));
        }
        catch (Exception e)
        {
            LogNotSettled(logger, e, run.OwnerId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "An answer to a request of {OwnerId} could not be kept for its idempotency key")]
    private static partial void LogNotSettled(ILogger logger, Exception exception, string ownerId);
}
