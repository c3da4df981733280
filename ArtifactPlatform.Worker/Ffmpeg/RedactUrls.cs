using System.Text.RegularExpressions;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Takes the secret parts out of text that may hold addresses: a presigned URL's query string is a key to the file.</summary>
public static partial class RedactUrls
{
    public static string In(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Secrets().Replace(text, "${scheme}${rest}${query}");
    }

    /// <summary>User and password before the host, and everything after the question mark up to white space or a quote.</summary>
    [GeneratedRegex("""(?<scheme>\b[a-z][a-z0-9+.-]*://)(?:[^\s/@'"]*@)?(?<rest>[^\s?'"]*)(?<query>\?)?(?(query)[^\s'"]*)""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Secrets();
}
