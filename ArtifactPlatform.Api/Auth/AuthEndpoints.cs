using ArtifactPlatform.Api.Requests;

namespace ArtifactPlatform.Api.Auth;

internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");

        sessions.MapPost("", CreateSession.Handle).AllowAnonymous().WithName("createSession")
            .WithSummary("Sign in")
            .WithDescription("Begins a session of a dashboard user. The token is good for 12 hours. Five wrong passwords in a row lock the account for 15 minutes; the answer is the same for an unknown e-mail, a wrong password and a locked account.")
            .WithMetadata(new OwnedByBody(CreateSession.FindOwnerAsync));
        sessions.MapPost("/oidc", CreateOidcSession.Handle).AllowAnonymous().WithName("createOidcSession")
            .WithSummary("Sign in through a provider")
            .WithDescription("Begins a session with the identity token of the OpenID Connect provider that the platform is set up with. The token's signature, issuer, audience, nonce and age are checked here; it opens one session, within five minutes of its making. The person needs an account with the address that the provider vouches for, or an invitation of it.")
            .WithMetadata(OwnedByBody.Secret("idToken"));
        sessions.MapGet("", ListSessions.Handle).RequireAuthorization(Policies.Session).WithName("listSessions")
            .WithSummary("List one's own sessions")
            .WithDescription("Those that are in force, newest first.");
        sessions.MapDelete("", RevokeSessions.Others).RequireAuthorization(Policies.Session).WithName("endOtherSessions")
            .WithSummary("Sign out everywhere else")
            .WithDescription("Ends all of the caller's own sessions but the one that asks.");
        sessions.MapGet("/current", GetSession.Handle).RequireAuthorization(Policies.Session).WithName("getCurrentSession")
            .WithSummary("Who is signed in")
            .WithDescription("The user that the session token belongs to.");
        sessions.MapDelete("/current", DeleteSession.Handle).RequireAuthorization(Policies.Session).WithName("deleteCurrentSession")
            .WithSummary("Sign out")
            .WithDescription("Ends the session; its token is refused from then on, and its open event streams end.");
        sessions.MapDelete("/{sessionId}", RevokeSessions.One).RequireAuthorization(Policies.Session).WithName("endSession")
            .WithSummary("End a session")
            .WithDescription("Ends one of the caller's own sessions. Doing it again changes nothing.");
    }
}
