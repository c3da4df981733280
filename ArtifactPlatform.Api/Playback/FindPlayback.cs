using System.Security.Cryptography;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Api.Playback;

/// <summary>What a token's <c>aud</c> lets its bearer fetch.</summary>
internal static class PlaybackAudience
{
    public const string Video = "v";
    public const string Thumbnail = "t";
    public const string Storyboard = "s";
}

/// <summary>A package that the caller may play.</summary>
internal sealed record Playable(string PlaybackId, string VideoId, string CompanyId, string PackageName, VideoPackage Package, string Query)
{
    /// <summary>
    /// How long the media addresses in a manifest live: players fetch a manifest once, so it must last for all of the video, pauses
    /// included; no longer than S3 signs for.
    /// </summary>
    public TimeSpan UrlLifetime => TimeSpan.FromHours(Math.Clamp(2 + (2 * Package.Duration / 3600), 2, 24 * 6));

    public string KeyOf(string file) => ObjectKeys.PackageFile(VideoId, PackageName, file);

    public string UrlOf(ObjectStore store, string file, string contentType) => store.PresignMedia(KeyOf(file), UrlLifetime, contentType);

    public IResult RedirectTo(HttpContext context, ObjectStore store, string file, string contentType) => ManifestResult.RedirectTo(context, store, KeyOf(file), UrlLifetime, contentType);
}

/// <summary>Finds what a playback id plays and whether the caller may: wrong, expired and foreign tokens all get the same 403.</summary>
internal sealed class FindPlayback(PlatformDb db, PackageCache packages, TimeProvider clock)
{
    /// <param name="audience">From <see cref="PlaybackAudience"/>.</param>
    /// <returns>What plays, or the error to answer with.</returns>
    public async Task<(Playable? Found, IResult Error)> FindAsync(string playbackId, string? token, string audience, CancellationToken ct)
    {
        var row = await (
            from p in db.PlaybackIds
            join v in db.Videos on p.VideoId equals v.Id
            where p.Id == playbackId
            select new { p.CompanyId, p.Policy, VideoId = v.Id, v.Package }).SingleOrDefaultAsync(ct);
        if (row is null)
        {
            return (null, Error.PlaybackIdNotFound());
        }

        if (row.Policy == PlaybackPolicy.Signed && await RefuseAsync(row.CompanyId, playbackId, token, audience, ct) is { } refusal)
        {
            return (null, refusal);
        }

        if (row.Package is null || await packages.GetAsync(row.VideoId, row.Package, ct) is not { } package)
        {
            return (null, Error.NotPlayableYet());
        }

        var query = row.Policy == PlaybackPolicy.Signed ? $"?token={Uri.EscapeDataString(token ?? "")}" : "";
        return (new Playable(playbackId, row.VideoId, row.CompanyId, row.Package, package, query), Results.Empty);
    }

    private async Task<IResult?> RefuseAsync(string companyId, string playbackId, string? token, string audience, CancellationToken ct)
    {
        if (token is null)
        {
            return Error.PlaybackForbidden("This playback id is signed: add ?token= with a JWT that one of the company's playback keys has signed.");
        }

        if (!TokenForm.IsGood(token, out var kid) || kid is not { Length: > 0 and <= 64 })
        {
            return Error.PlaybackForbidden("The token can't be read. It must be a JWT with the playback key's id as kid.");
        }

        var pem = await db.PlaybackKeys.Where(k => k.Id == kid && k.CompanyId == companyId).Select(k => k.PublicKey).SingleOrDefaultAsync(ct);
        if (pem is null)
        {
            return Error.PlaybackForbidden("The token's key is not known.");
        }

        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        var verdict = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            IssuerSigningKey = new RsaSecurityKey(rsa) { KeyId = kid, CryptoProviderFactory = new CryptoProviderFactory { CacheSignatureProviders = false } },
            ValidateIssuer = false,
            ValidAudience = audience,
            // By this process's own clock, below.
            ValidateLifetime = false,
        });
        return verdict switch
        {
            { IsValid: false, Exception: SecurityTokenInvalidAudienceException } => Error.PlaybackForbidden($"The token's aud must be \"{audience}\" here."),
            { IsValid: false } => Error.PlaybackForbidden("The token's signature or claims are not valid."),
            { SecurityToken: JsonWebToken jwt } when TokenForm.HasEnded(jwt, clock.GetUtcNow()) => Error.PlaybackForbidden("The token has expired, or has no exp."),
            { SecurityToken: JsonWebToken jwt } when !TokenForm.HasBegun(jwt, clock.GetUtcNow()) => Error.PlaybackForbidden("The token is not valid yet."),
            { SecurityToken: JsonWebToken jwt } when jwt.Subject == playbackId => null,
            _ => Error.PlaybackForbidden("The token's sub is another playback id."),
        };
    }
}
