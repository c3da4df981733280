using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Audit;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Signs in with what a provider says. Only people who have an account or an invitation come in: the provider knows who someone is, not whom a company wants.</summary>
internal sealed partial class CreateOidcSession(PlatformDb db, VerifyIdToken verify, JoinCompany join, OpenSession open, IHttpContextAccessor http, TimeProvider clock, ILogger<CreateOidcSession> logger)
{
    public static Task<Results<Created<SessionCreated>, BadRequestError, UnauthorizedError, NotFoundError, FailureResult>> Handle(
        CreateOidcSessionRequest request, CreateOidcSession create, CancellationToken ct) => create.RunAsync(request, ct);

    private async Task<Results<Created<SessionCreated>, BadRequestError, UnauthorizedError, NotFoundError, FailureResult>> RunAsync(CreateOidcSessionRequest request, CancellationToken ct)
    {
        if (!verify.IsOn)
        {
            return Error.OidcNotConfigured();
        }

        OidcIdentity? identity;
        try
        {
            identity = await verify.ReadAsync(request.IdToken ?? "", request.Nonce ?? "", ct);
        }
        catch (OidcProviderException e)
        {
            LogProviderAway(logger, e.InnerException?.Message ?? e.Message);
            return Error.OidcProviderUnavailable();
        }

        if (identity is null || !await IsFirstUseAsync(request.IdToken ?? "", identity, ct))
        {
            return Error.OidcTokenInvalid();
        }

        if (request.InvitationToken is { } invitation)
        {
            return await JoinAsync(identity, invitation, ct) is { } joined ? await open.ForAsync(joined, request.Device, ct) : Error.InvitationInvalid("invitationToken");
        }

        if (await FindAsync(identity, ct) is { } user)
        {
            return await open.ForAsync(user, request.Device, ct);
        }

        return identity.Email is null ? Error.OidcEmailUnverified() : Error.OidcAccountMissing();
    }

    /// <summary>A token that someone has picked up on its way opens nothing any more.</summary>
    private async Task<bool> IsFirstUseAsync(string idToken, OidcIdentity identity, CancellationToken ct)
    {
        // What is signed, and no more: of the signature itself there can be more than one form.
        var signed = idToken[..idToken.LastIndexOf('.')];
        db.Add(new UsedIdToken(SecretToken.Hash(signed), identity.TokenMadeAt + VerifyIdToken.MaxAge + VerifyIdToken.ClockSkew));
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
        {
            return false;
        }
    }

    /// <summary>Who has signed in so before; else whose address it is, who is known by the provider's name for them from then on.</summary>
    private async Task<User?> FindAsync(OidcIdentity identity, CancellationToken ct)
    {
        if (await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.OidcIssuer == identity.Issuer && u.OidcSubject == identity.Subject && u.RemovedAt == null, ct) is { } known)
        {
            return known;
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        // Not one who is known by another name: a provider may give a person's address to the next one.
        var linked = await db.Users
            .Where(u => u.Email == identity.Email && u.OidcSubject == null && u.RemovedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.OidcIssuer, identity.Issuer).SetProperty(u => u.OidcSubject, identity.Subject), ct);
        if (linked == 0)
        {
            return null;
        }

        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Email == identity.Email && u.RemovedAt == null, ct);
        db.Add(AuditTrail.ByUser(user, AuditActions.UserLinked, user.Id, new { user.Email, identity.Issuer }, http.HttpContext, clock.GetUtcNow()));
        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return user;
    }

    /// <returns>Null unless the invitation is open and of the address that the provider vouches for.</returns>
    private async Task<User?> JoinAsync(OidcIdentity identity, string token, CancellationToken ct) =>
        await join.FindAsync(token, ct) is { } invitation && invitation.Email == identity.Email
            ? await join.TakeUpAsync(invitation, invitation.Name ?? identity.Name ?? invitation.Email, user => user.LinkTo(identity.Issuer, identity.Subject), ct)
            : null;

    [LoggerMessage(LogLevel.Warning, "The OpenID Connect provider can't be asked for its keys: {Reason}")]
    private static partial void LogProviderAway(ILogger logger, string reason);
}
