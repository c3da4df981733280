using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.ApiKeys;
using static ArtifactPlatform.Api.OpenApi.Examples;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The examples of the routes for people, invitations and sessions.</summary>
internal static class PeopleExamples
{
    private static readonly UserObject Person = new()
    {
        Id = "019bb2a4c1f067d3a85e90c1", Email = "kim@example.com", Name = "Kim Doe", Role = "member", CreatedAt = Samples.Time, LastSignInAt = Samples.Time.AddDays(1), LiveApiKeys = 0,
    };

    private static readonly InvitationObject Invitation = new()
    {
        Id = "inv_019bb2a4c1f067d3a85e90c2", Email = "kim@example.com", Name = "Kim Doe", Role = "member", CreatedBy = Samples.User, CreatedAt = Samples.Time, ExpiresAt = Samples.Time.AddDays(7),
    };

    private static readonly SessionObject Session = new()
    {
        Id = "sess_019bb2a4c1f067d3a85e90c3", Device = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
        CreatedAt = Samples.Time, LastSeenAt = Samples.Time.AddHours(1), ExpiresAt = Samples.Time.AddHours(12), Current = true,
    };

    public static Dictionary<string, Example> All()
    {
        var (noUser, lastOwner, scope, session) = (Error.UserNotFound().Failure, Error.LastOwner().Failure, Error.ScopeMissing(Scopes.Admin), Error.SessionRequired());
        var invalid = Error.InvitationInvalid("token").Failure;
        return new Dictionary<string, Example>
        {
            ["listUsers"] = None.Answers(("page", new Page<UserObject>([Person], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, scope),
            ["patchUser"] = None.Asks(("role", new PatchUserRequest { Role = "viewer" })).Answers(("person", Person with { Role = "viewer" }))
                .Fails(Error.InvalidParameter("role", "role must be one of owner, member, viewer"), noUser, lastOwner, scope),
            ["deleteUser"] = None.Fails(noUser, lastOwner, scope),
            ["endSessionsOfUser"] = None.Fails(noUser, scope),
            ["patchMe"] = None.Asks(("name", new PatchMeRequest { Name = "Kim Roe" })).Answers(("me", Samples.SessionUser with { Name = "Kim Roe" })).Fails(Error.InvalidParameter("name", "The field name must not be null. Leave it out to keep what is there."), session),
            ["changePassword"] = None.Asks(("new", new ChangePasswordRequest { CurrentPassword = "correct horse battery staple", NewPassword = "seven quiet otters" }))
                .Fails(Error.CurrentPasswordWrong().Failure, session, Error.NoPassword().Failure),
            ["listInvitations"] = None.Answers(("page", new Page<InvitationObject>([Invitation], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, scope),
            ["createInvitation"] = None.Asks(("member", new CreateInvitationRequest { Email = "kim@example.com", Name = "Kim Doe", Role = "member" })).Answers(("invitation", new CreatedInvitation(Invitation) { Token = "join_…" }))
                .Fails(Error.InvalidParameter("email", "The email field is not a valid e-mail address."), Error.AlreadyMember().Failure, scope),
            ["revokeInvitation"] = None.Fails(Error.InvitationNotFound().Failure, scope),
            ["lookupInvitation"] = None.Asks(("token", new LookupInvitationRequest { Token = "join_…" })).Answers(("preview", new InvitationPreview("Demo", "kim@example.com", "Kim Doe", "member", Invitation.ExpiresAt))).Fails(invalid),
            ["acceptInvitation"] = None.Asks(("person", new AcceptInvitationRequest { Token = "join_…", Name = "Kim Doe", Password = "seven quiet otters" }))
                .Answers(("session", Samples.Session with { User = new SessionUser(Person.Id, Person.Name, Person.Email, Person.Role, Samples.SessionUser.Company) })).Fails(invalid),
            ["createOidcSession"] = None.Asks(("token", new CreateOidcSessionRequest { IdToken = "eyJhbGciOiJSUzI1NiIsImtpZCI6…", Nonce = "639041…", InvitationToken = null })).Answers(("session", Samples.Session))
                .Fails(Error.InvitationInvalid("invitationToken").Failure, Error.OidcTokenInvalid().Failure, Error.OidcNotConfigured().Failure, Error.OidcProviderUnavailable().Failure),
            ["listSessions"] = None.Answers(("page", new Page<SessionObject>([Session], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, session),
            ["endOtherSessions"] = None.Fails(session),
            ["endSession"] = None.Fails(Error.SessionNotFound().Failure, session),
        };
    }
}
