using System.Security.Cryptography;
using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Videos;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Videos;

internal static class PlaybackKeys
{
    /// <summary>RS256's usual size: strong beyond this decade, and small enough to sign in a millisecond.</summary>
    private const int KeyBits = 2048;

    /// <summary>Keys of one company: enough for rotation and a few applications.</summary>
    private const int MaxKeys = 20;

    public static async Task<Results<Ok<PlaybackKeyObject>, ConflictError>> Create(Caller caller, PlatformDb db, AuditTrail audit, TimeProvider clock, HttpResponse response, CancellationToken ct)
    {
        if (await db.PlaybackKeys.CountAsync(k => k.CompanyId == caller.CompanyId, ct) >= MaxKeys)
        {
            return Error.TooManyPlaybackKeys(MaxKeys);
        }

        using var rsa = RSA.Create(KeyBits);
        var key = new PlaybackKey(caller.CompanyId, rsa.ExportSubjectPublicKeyInfoPem(), clock.GetUtcNow());
        db.Add(key);
        db.Add(audit.Entry(AuditActions.PlaybackKeyCreated, key.Id, new { }));
        await db.SaveChangesAsync(ct);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new PlaybackKeyObject(key.Id, key.CreatedAt, rsa.ExportPkcs8PrivateKeyPem()));
    }

    public static async Task<Ok<PlaybackKeyList>> List(Caller caller, PlatformDb db, CancellationToken ct) => TypedResults.Ok(new PlaybackKeyList(
        await db.PlaybackKeys.Where(k => k.CompanyId == caller.CompanyId).OrderByDescending(k => k.Id).Take(MaxKeys).Select(k => new PlaybackKeyObject(k.Id, k.CreatedAt, null)).ToListAsync(ct)));

    public static async Task<Results<NoContent, NotFoundError>> Delete(string keyId, Caller caller, PlatformDb db, AuditTrail audit, CancellationToken ct)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        if (await db.PlaybackKeys.Where(k => k.Id == keyId && k.CompanyId == caller.CompanyId).ExecuteDeleteAsync(ct) == 0)
        {
            return Error.PlaybackKeyNotFound();
        }

        db.Add(audit.Entry(AuditActions.PlaybackKeyDeleted, keyId, new { }));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
