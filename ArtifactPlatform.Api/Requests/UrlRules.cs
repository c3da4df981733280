using System.Net;
using ArtifactPlatform.Core.Network;

namespace ArtifactPlatform.Api.Requests;

internal enum UrlVerdict
{
    Good,

    /// <summary>Not an absolute http or https URL, or one that carries a password.</summary>
    Malformed,

    /// <summary>It names an address that is not public. Names are judged when they are connected to.</summary>
    Forbidden,
}

/// <summary>Which URLs a customer may have the platform reach.</summary>
internal static class UrlRules
{
    public static UrlVerdict Check(string url, AddressGuard guard)
    {
        if (url.Any(char.IsControl)
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.UserInfo.Length > 0
            || uri.IdnHost.Length == 0)
        {
            return UrlVerdict.Malformed;
        }

        return IPAddress.TryParse(uri.IdnHost, out var address) && !guard.Allows(address) ? UrlVerdict.Forbidden : UrlVerdict.Good;
    }
}
