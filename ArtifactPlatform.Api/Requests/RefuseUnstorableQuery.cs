using ArtifactPlatform.Api.Errors;

namespace ArtifactPlatform.Api.Requests;

/// <summary>Refuses a query string with text that can't be stored, on every route at once. Paths and headers with a NUL the server itself refuses.</summary>
internal sealed class RefuseUnstorableQuery(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        // What has no route is answered as such.
        var unstorable = context.GetEndpoint() is null ? null : context.Request.Query.FirstOrDefault(p => !p.Value.All(v => StorableText.Fits(v ?? ""))).Key;
        return unstorable is null ? next(context) : Error.UnstorableText(unstorable).WriteAsync(context);
    }
}
