using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using ArtifactPlatform.Web.Platform;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Web.Auth;

/// <summary>Asks the platform whether a session still holds, and remembers a yes for a moment: a page load makes several requests.</summary>
public sealed class SessionChecks(PlatformConnection platform, IOptions<WebOptions> options, TimeProvider clock)
{
    /// <summary>Above this many remembered sessions the outdated ones are swept.</summary>
    private const int SweepAbove = 10_000;

    private readonly ConcurrentDictionary<string, DateTimeOffset> trustedUntil = new(StringComparer.Ordinal);

    /// <returns>That it is over only when the platform says so; while it does not answer, a session is taken to hold.</returns>
    public async Task<SessionCheck> CheckAsync(string token, CancellationToken ct)
    {
        var key = Key(token);
        var now = clock.GetUtcNow();
        if (trustedUntil.TryGetValue(key, out var until) && now < until)
        {
            return new(Holds: true, User: null);
        }

        var check = await platform.CheckSessionAsync(token, ct);
        if (!check.Holds)
        {
            trustedUntil.TryRemove(key, out _);
            return check;
        }

        trustedUntil[key] = now + options.Value.SessionCheckInterval;
        Sweep(now);
        return check;
    }

    /// <summary>Asks anew next time: the platform has just refused this token.</summary>
    public void Distrust(string token) => trustedUntil.TryRemove(Key(token), out _);

    private void Sweep(DateTimeOffset now)
    {
        if (trustedUntil.Count <= SweepAbove)
        {
            return;
        }

        foreach (var entry in trustedUntil.Where(entry => entry.Value <= now))
        {
            trustedUntil.TryRemove(entry);
        }
    }

    /// <summary>Tokens themselves are not kept.</summary>
    private static string Key(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
