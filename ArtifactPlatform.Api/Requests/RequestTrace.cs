using System.Diagnostics;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core;

namespace ArtifactPlatform.Api.Requests;

/// <summary>
/// Gives each request an id, for the answer's header, the error envelope, the log and the trace, and writes the one log line about it.
/// The line carries no query string and no header: those hold tokens.
/// </summary>
internal sealed partial class RequestTrace(RequestDelegate next, TimeProvider clock, ILogger<RequestTrace> logger)
{
    private const string Header = "X-Request-Id";

    public async Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var id = Ids.New("req", clock.GetUtcNow());
        context.TraceIdentifier = id;
        Activity.Current?.SetTag("request.id", id);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers[Header] = id;
            return Task.CompletedTask;
        });

        using var scope = logger.BeginScope(new Dictionary<string, object> { ["RequestId"] = id });
        var started = clock.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Write(context, id, clock.GetElapsedTime(started));
        }
    }

    private void Write(HttpContext context, string id, TimeSpan elapsed)
    {
        // A path without a route can hold anything; one with a route holds ids. Encoded, it stays on its line.
        if (context.GetEndpoint() is not RouteEndpoint endpoint || context.Request.Path.StartsWithSegments("/alive", StringComparison.Ordinal) || context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
        {
            LogUnrouted(logger, id, context.Request.Method, context.Response.StatusCode);
            return;
        }

        var caller = context.Features.Get<Caller>();
        Activity.Current?.SetTag("company.id", caller?.CompanyId);
        LogRequest(
            logger,
            id,
            context.Request.Method,
            context.Request.Path.ToUriComponent(),
            context.Response.StatusCode,
            Failure.CodeOf(context) ?? "ok",
            (long)elapsed.TotalMilliseconds,
            caller?.CompanyId ?? "-",
            caller?.CredentialId ?? "-");
    }

    [LoggerMessage(LogLevel.Information, "{RequestId} {Method} {Path} {Status} {Outcome} {Milliseconds} ms, company {CompanyId}, by {CredentialId}")]
    private static partial void LogRequest(ILogger logger, string requestId, string method, string path, int status, string outcome, long milliseconds, string companyId, string credentialId);

    [LoggerMessage(LogLevel.Debug, "{RequestId} {Method} {Status}, no route")]
    private static partial void LogUnrouted(ILogger logger, string requestId, string method, int status);
}
