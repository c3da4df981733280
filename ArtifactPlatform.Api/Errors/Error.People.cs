using ArtifactPlatform.Client;

namespace ArtifactPlatform.Api.Errors;

internal static partial class Error
{
    // Who is asking, and may they.
    public static Failure TokenMissing() => Unauthenticated("token_missing", "Send an API key or session token: Authorization: Bearer …");

    public static Failure TokenMalformed() => Unauthenticated("token_malformed", "The Authorization header is not of the form: Bearer <token>");

    public static Failure TokenUnknown() => Unauthenticated("token_unknown", "This API key, session token or access token is not known.");

    public static Failure TokenRevoked() => Unauthenticated("token_revoked", "This API key, session or machine client has been revoked.");

    public static Failure TokenExpired() => Unauthenticated("token_expired", "This API key, session or access token has expired.");

    public static Failure TokenRotated() => Unauthenticated("token_rotated", "This API key was rotated, and the time in which the old one was good is over. Use the new one.");

    public static UnauthorizedError SignInFailed() => new(Unauthenticated(
        "sign_in_failed", "E-mail or password is wrong. After five wrong tries in a row an account is locked for 15 minutes."));

    /// <param name="whose">Who lacks it; null = a key or a person.</param>
    public static Failure ScopeMissing(string scope, string? whose = null) => new(
        403, ErrorTypes.Permission, "scope_missing",
        $"This needs the scope {scope}, which {whose ?? "the API key or user"} does not have.{(whose is null ? " A key does no more than its maker may do at present." : null)}");

    public static Failure SessionRequired() => new(403, ErrorTypes.Permission, "session_required", "This is for dashboard sessions; API keys have none.");

    public static Failure MachineRequired() => new(403, ErrorTypes.Permission, "machine_required", "This is for machine clients. With an API key or session, use the same route under /api/v1/docks.");

    public static Failure MachineDenied() => new(403, ErrorTypes.Permission, "machine_denied", "An access token is good for its own dock under /api/v1/machine/docks alone.");

    public static Failure DockDenied() => new(403, ErrorTypes.Permission, "dock_denied", "Dock access denied: this client is tied to another dock.");

    public static Failure AccessDenied() => new(403, ErrorTypes.Permission, "access_denied", "This is not allowed.");

    public static UnauthorizedError OidcTokenInvalid() => new(Unauthenticated(
        "oidc_token_invalid", "The identity token is not a fresh one of the provider for this sign-in. Sign in at the provider again."));

    public static UnauthorizedError OidcEmailUnverified() => new(Unauthenticated(
        "oidc_email_unverified", "The provider does not vouch for an e-mail address: its identity token must carry email, and email_verified as true."));

    public static UnauthorizedError OidcAccountMissing() => new(Unauthenticated(
        "oidc_account_missing", "No account has this address, or it belongs to another person at the provider. Ask an owner of your company for an invitation."));

    public static NotFoundError OidcNotConfigured() => new(new(404, ErrorTypes.NotFound, "oidc_not_configured", "Signing in through a provider is not set up here."));

    public static FailureResult OidcProviderUnavailable() => new(new(503, ErrorTypes.Api, "oidc_provider_unavailable", "The provider can't be reached at the moment. Try again shortly, or sign in with a password."));

    // People.
    public static NotFoundError UserNotFound() => new(new(404, ErrorTypes.NotFound, "user_not_found", "There is no such person in the company."));

    public static NotFoundError SessionNotFound() => new(new(404, ErrorTypes.NotFound, "session_not_found", "There is no such session of yours."));

    public static NotFoundError InvitationNotFound() => new(new(404, ErrorTypes.NotFound, "invitation_not_found", "There is no such invitation."));

    public static BadRequestError InvitationInvalid(string param) => new(Invalid(
        "invitation_invalid", "This invitation can't be used: it was taken up, revoked or replaced, has run out, or is not for this address. Ask whoever invited you for another one.", param));

    public static ConflictError AlreadyMember() => new(Conflict("already_member", "This person is in the company already.") with { Param = "email" });

    public static ConflictError TooManyInvitations(int most) => new(Conflict("too_many", $"A company has at most {most} open invitations. Revoke one first."));

    public static ConflictError LastOwner() => new(Conflict("last_owner", "This is the company's last owner. Make someone else an owner first."));

    public static BadRequestError PasswordTooCommon(string param) => new(Invalid(
        "password_too_common", "This password is among those that are guessed first. Take a longer phrase, or one that a password manager makes.", param));

    public static BadRequestError CurrentPasswordWrong() => new(Invalid(
        "current_password_wrong", "The current password is wrong. After five wrong tries in a row none is looked at for 15 minutes.", "currentPassword"));

    public static BadRequestError PasswordUnchanged() => new(Invalid("password_unchanged", "The new password is the current one. Choose another.", "newPassword"));

    public static ConflictError NoPassword() => new(Conflict("no_password", "This account signs in through a provider and has no password."));

    // API keys.
    public static NotFoundError ApiKeyNotFound() => new(new(404, ErrorTypes.NotFound, "api_key_not_found", "There is no such API key."));

    public static ConflictError ApiKeyEnded() => new(Conflict("api_key_ended", "The API key is revoked or expired. Make a new one."));

    public static ConflictError ApiKeyChanged() => new(Conflict("api_key_changed", "The API key was rotated or revoked by another request at the same moment. Look at it, then decide anew."));

    public static NotFoundError S3CredentialsNotFound() => new(new(404, ErrorTypes.NotFound, "s3_credentials_not_found", "The API key has no S3 credentials attached."));

    public static BadRequestError UnknownScope(string param, IEnumerable<string> known) => new(Invalid("unknown_scope", $"A scope is one of {string.Join(", ", known)}.", param));
}
