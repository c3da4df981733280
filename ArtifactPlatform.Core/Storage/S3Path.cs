using System.Text;
using System.Text.RegularExpressions;

namespace ArtifactPlatform.Core.Storage;

/// <summary><c>s3://bucket/key</c>.</summary>
public sealed partial record S3Path(string Bucket, string Key)
{
    /// <summary>S3's own limit on keys.</summary>
    private const int MaxKeyBytes = 1024;

    /// <returns>Null when it does not have that form.</returns>
    public static S3Path? Parse(string path) =>
        Form().Match(path) is { Success: true } match && Encoding.UTF8.GetByteCount(match.Groups["key"].ValueSpan) <= MaxKeyBytes ? new(match.Groups["bucket"].Value, match.Groups["key"].Value) : null;

    /// <summary>Bucket names as S3 has had them at any time; the key is anything without control characters.</summary>
    [GeneratedRegex(@"^s3://(?<bucket>[A-Za-z0-9][A-Za-z0-9._-]{1,253}[A-Za-z0-9])/(?<key>\P{Cc}+)\z")]
    private static partial Regex Form();
}
