namespace ArtifactPlatform.Web.Auth;

/// <summary>Browsers by the names that people know them by.</summary>
public static class DeviceWords
{
    private const int MaxLength = 512;

    /// <summary>In this order: all of them name the ones behind.</summary>
    private static readonly (string Mark, string Name)[] Browsers = [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems = [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux")];

    /// <summary>What a session is opened on, for the platform to keep.</summary>
    public static string? Of(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Headers.UserAgent.ToString() is { Length: > 0 } agent ? agent[..Math.Min(MaxLength, agent.Length)] : null;
    }

    /// <summary><c>Chrome on Linux</c>.</summary>
    public static string Name(string userAgent) => (Find(Browsers, userAgent), Find(Systems, userAgent)) switch
    {
        ({ } browser, { } system) => $"{browser} on {system}",
        ({ } browser, null) => browser,
        (null, { } system) => system,
        _ => userAgent.Length == 0 ? "Unknown device" : userAgent,
    };

    private static string? Find((string Mark, string Name)[] known, string userAgent) => known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
