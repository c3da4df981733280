namespace ArtifactPlatform.Web.Auth;

/// <summary>Where to go after signing in. Anything but a path of this dashboard is ignored: a link must not lead elsewhere.</summary>
public static class ReturnUrl
{
    public const string Home = "/artifacts";

    public static string Local(string? url) =>
        url is ['/', ..] && !url.StartsWith("//", StringComparison.Ordinal) && !url.Contains('\\', StringComparison.Ordinal) && !url.Any(char.IsControl)
            && !url.StartsWith(SignInSetup.SignInPath, StringComparison.OrdinalIgnoreCase) && url != "/"
            ? url
            : Home;

    /// <summary>The sign-in page that comes back to <paramref name="pathAndQuery"/>.</summary>
    public static string SignInThen(string pathAndQuery) =>
        $"{SignInSetup.SignInPath}?{SignInSetup.ReturnUrlParameter}={Uri.EscapeDataString(Local(pathAndQuery))}";
}
