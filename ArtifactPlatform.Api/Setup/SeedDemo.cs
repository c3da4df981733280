using ArtifactPlatform.Core;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Setup;

/// <summary>Makes the company, user and API key that a fresh installation is tried out with, and keeps key and password as the settings <c>Demo:*</c> say.</summary>
internal sealed partial class SeedDemo(IDbContextFactory<PlatformDb> databases, IPasswordHasher<User> passwords, IConfiguration configuration, TimeProvider clock, ILogger<SeedDemo> logger)
{
    private const string CompanyName = "Demo";
    private const string Email = "demo@example.com";
    private const string UserName = "Demo User";
    private const string KeyName = "Demo key";

    /// <summary>Any fixed number will do, as long as nothing else in this database locks it.</summary>
    private const long LockKey = 0x44454D4F;

    public async Task RunAsync(CancellationToken ct)
    {
        var (key, password) = (configuration["Demo:ApiKey"], configuration["Demo:Password"]);
        if (key is not { Length: > 0 } && password is not { Length: > 0 })
        {
            return;
        }

        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.Database.ExecuteSqlAsync($"select pg_advisory_xact_lock({LockKey})", ct);
        var user = await EnsureUserAsync(db, ct);
        if (user.RemovedAt is not null)
        {
            return;
        }

        EnsurePassword(user, password);
        if (key is { Length: > 0 })
        {
            await EnsureKeyAsync(db, user, key, ct);
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
    }

    private async Task<User> EnsureUserAsync(PlatformDb db, CancellationToken ct)
    {
        // Once removed from the company they stay so, unless someone invites them.
        if (await db.Users.Where(u => u.Email == Email).OrderBy(u => u.RemovedAt != null).FirstOrDefaultAsync(ct) is { } present)
        {
            return present;
        }

        var now = clock.GetUtcNow();
        var company = new Company(CompanyName, now);
        var user = new User(company.Id, Email, UserName, UserRole.Owner, now);
        db.Add(company);
        db.Add(user);
        await db.SaveChangesAsync(ct);
        return user;
    }

    /// <summary>Without a password nobody can sign in: no hash is the hash of anything.</summary>
    private void EnsurePassword(User user, string? password)
    {
        if (password is { Length: > 0 } && (user.PasswordHash.Length == 0 || passwords.VerifyHashedPassword(user, user.PasswordHash, password) == PasswordVerificationResult.Failed))
        {
            user.SetPasswordHash(passwords.HashPassword(user, password));
        }
    }

    private async Task EnsureKeyAsync(PlatformDb db, User user, string key, CancellationToken ct)
    {
        if (!key.StartsWith(SecretToken.ApiKeyPrefix, StringComparison.Ordinal))
        {
            throw RequiredSettings.Invalid($"Demo__ApiKey must start with {SecretToken.ApiKeyPrefix}.");
        }

        var hash = SecretToken.Hash(key);
        if (await db.ApiKeys.AsNoTracking().SingleOrDefaultAsync(k => k.KeyHash == hash, ct) is { } present)
        {
            if (present.RevokedAt is not null)
            {
                LogRevoked(logger, present.Id);
            }

            return;
        }

        // The setting has changed: what it said before is no longer a key.
        DateTimeOffset? now = clock.GetUtcNow();
        await db.ApiKeys
            .Where(k => k.CompanyId == user.CompanyId && k.UserId == user.Id && k.Name == KeyName && k.RevokedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(k => k.RevokedAt, now), ct);
        db.Add(new ApiKey(user.CompanyId, user.Id, KeyName, key, Scopes.All, clock.GetUtcNow()));
    }

    [LoggerMessage(LogLevel.Warning, "The demo's API key {ApiKeyId} has been revoked and stays so; set another one")]
    private static partial void LogRevoked(ILogger logger, string apiKeyId);
}
