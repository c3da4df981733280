using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Webhooks;

namespace ArtifactPlatform.Api.Webhooks;

/// <summary>What an endpoint may be.</summary>
internal static class WebhookRules
{
    /// <param name="url">Null = not given.</param>
    /// <param name="events">Null = not given.</param>
    public static BadRequestError? Check(string? url, IReadOnlyList<string>? events, WebhookOptions options)
    {
        var verdict = url is null ? UrlVerdict.Good : UrlRules.Check(url, options.CreateGuard());
        if (verdict != UrlVerdict.Good)
        {
            return verdict == UrlVerdict.Malformed ? Error.InvalidUrl("url") : Error.ForbiddenAddress("url");
        }

        var unknown = events?.ToList().FindIndex(e => !EventFilter.FitsAny(e ?? "", EventTypes.Logged)) ?? -1;
        return unknown >= 0 ? Error.UnknownEventType($"events[{unknown}]", EventTypes.Logged) : null;
    }

    /// <summary>For the audit log, which nobody can remove from: queries of webhook addresses often carry a token.</summary>
    public static string WithoutQuery(string url) => new Uri(url).GetLeftPart(UriPartial.Path);
}
