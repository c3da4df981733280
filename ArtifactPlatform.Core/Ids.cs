using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ArtifactPlatform.Core;

/// <summary>Ids that sort by the time they were made: 48 bits of milliseconds, then 48 random bits, as 24 lower-case hex digits.</summary>
public static class Ids
{
    /// <summary>An id without a prefix, as artifacts, companies and users have it.</summary>
    public static string New(DateTimeOffset now)
    {
        Span<byte> bytes = stackalloc byte[14];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.ToUnixTimeMilliseconds());
        RandomNumberGenerator.Fill(bytes[8..]);
        return Convert.ToHexStringLower(bytes[2..]);
    }

    /// <summary>An id with its kind in front: <c>key_0195…</c>.</summary>
    public static string New(string prefix, DateTimeOffset now) => $"{prefix}_{New(now)}";
}
