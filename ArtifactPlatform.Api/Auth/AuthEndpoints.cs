namespace ArtifactPlatform.Api.Auth;

internal static class AuthEndpoints
{
    public static void MapAuth(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/sessions").WithTags("Sessions");

        sessions.MapPost("", CreateSession.Handle).AllowAnonymous().WithName("createSession")
            .WithSummary("Sign in")
            .WithDescription("Begins a session of a dashboard user. The token is good for 12 hours. Five wrong passwords in a row lock the account for 15 minutes; the answer is the same for an unknown e-mail, a wrong password and a locked account.");
        sessions.MapGet("/current", GetSession.Handle).RequireAuthorization(Policies.Session).WithName("getCurrentSession")
            .WithSummary("Who is signed in")
            .WithDescription("The user that the session token belongs to.");
        sessions.MapDelete("/current", DeleteSession.Handle).RequireAuthorization(Policies.Session).WithName("deleteCurrentSession")
            .WithSummary("Sign out")
            .WithDescription("Ends the session; its token is refused from then on, and its open event streams end.");
    }
}
