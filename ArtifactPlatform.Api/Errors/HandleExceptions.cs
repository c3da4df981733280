using System.Text.Json;
using System.Text.RegularExpressions;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Core.Health;
using ArtifactPlatform.Core.Usage;
using Microsoft.AspNetCore.Diagnostics;

namespace ArtifactPlatform.Api.Errors;

/// <summary>The one place where an exception becomes an answer: unreadable requests, quotas, outages of a dependency, and faults of our own.</summary>
internal sealed partial class HandleExceptions(ILogger<HandleExceptions> logger) : IExceptionHandler
{
    /// <summary>What nginx calls "client closed request"; nobody reads it but the log.</summary>
    private const int ClientGone = 499;

    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            httpContext.Response.StatusCode = ClientGone;
            return true;
        }

        await Explain(httpContext, exception).WriteAsync(httpContext);
        return true;
    }

    private Failure Explain(HttpContext context, Exception exception)
    {
        if (exception is BadHttpRequestException unreadable)
        {
            return Explain(unreadable);
        }

        if (exception is QuotaExceededException quota)
        {
            return Error.QuotaExceeded(quota);
        }

        if (Outage.Of(exception) is { } dependency)
        {
            LogOutage(logger, context.TraceIdentifier, dependency, exception.Message);
            return Error.DependencyUnavailable();
        }

        LogFault(logger, exception, context.TraceIdentifier);
        return Error.Internal();
    }

    private static Failure Explain(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            return Error.ForStatus(exception.StatusCode);
        }

        if (exception.InnerException is UnstorableTextException text)
        {
            return Error.UnstorableText(text.Index is { } index ? $"{ParamOf(text)}[{index}]" : ParamOf(text));
        }

        if (exception.InnerException is JsonException json)
        {
            return Error.InvalidJson(ParamOf(json));
        }

        if (UnboundValue().Match(exception.Message) is { Success: true } unbound)
        {
            return Error.InvalidParameter(JsonNamingPolicy.CamelCase.ConvertName(unbound.Groups["name"].Value), "The value has the wrong form.");
        }

        if (MissingBody().IsMatch(exception.Message))
        {
            return Error.BodyRequired();
        }

        return MissingValue().Match(exception.Message) is { Success: true } missing
            ? Error.MissingParameter(missing.Groups["name"].Value)
            : Error.ForStatus(exception.StatusCode);
    }

    /// <summary><c>$.fragments[2].startTime</c> without the root; null for JSON that is broken as such rather than of the wrong type.</summary>
    private static string? ParamOf(JsonException exception)
    {
        // Only the reader itself leaves an inner exception with the bytes at fault.
        var isSyntax = exception.InnerException is JsonException;
        return isSyntax || exception.Path is not { Length: > 2 } path || !path.StartsWith("$.", StringComparison.Ordinal) ? null : path[2..];
    }

    /// <summary>ASP.NET Core tells which parameter could not be bound in this sentence alone.</summary>
    [GeneratedRegex("^Failed to bind parameter \"\\S+ (?<name>\\w+)\" from ")]
    private static partial Regex UnboundValue();

    [GeneratedRegex("^Required parameter \"\\S+ (?<name>\\w+)\" was not provided from ")]
    private static partial Regex MissingValue();

    [GeneratedRegex("^(Implicit body inferred|Required parameter \"\\S+ \\w+\" was not provided from body)")]
    private static partial Regex MissingBody();

    [LoggerMessage(LogLevel.Warning, "{RequestId}: {Dependency} can't be reached: {Reason}")]
    private static partial void LogOutage(ILogger logger, string requestId, string dependency, string reason);

    [LoggerMessage(LogLevel.Error, "{RequestId}: unhandled")]
    private static partial void LogFault(ILogger logger, Exception exception, string requestId);
}
