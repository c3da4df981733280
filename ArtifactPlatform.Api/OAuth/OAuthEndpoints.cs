using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Client.OAuth;

namespace ArtifactPlatform.Api.OAuth;

internal static class OAuthEndpoints
{
    private const string Tag = "OAuth2";

    public static void MapOAuth(this IEndpointRouteBuilder api) => api.MapPost("/oauth/token", IssueToken.Handle).AllowAnonymous().WithTags(Tag).WithName("issueToken")
        .WithSummary("Get an access token")
        .WithDescription("OAuth2 client credentials (RFC 6749, 4.4), as a form or as JSON; id and secret in the body or as HTTP Basic. The token is a signed JWT (RFC 9068), good for an hour in the client's own dock. Errors have RFC 6749's form here, whatever the reason, and only here.")
        .Produces<TokenError>(StatusCodes.Status413PayloadTooLarge)
        .WithMetadata(TokenErrors.Instance, new OwnedByBody(IssueToken.FindOwnerAsync))
        .DescribeTokenRequest();

    /// <summary>Where clients and other servers look for keys and addresses.</summary>
    public static void MapWellKnown(this IEndpointRouteBuilder app)
    {
        var wellKnown = app.MapGroup("/.well-known").DescribeCommonErrors().AllowAnonymous().WithTags(Tag);

        wellKnown.MapGet("/jwks.json", ShowSigningKeys.Handle).WithName("getSigningKeys").WithSummary("Get the signing keys")
            .WithDescription("The public keys that access tokens can be checked with (RFC 7517). A new one stands here before it signs, an old one until its last token has ended; keep a copy for 5 minutes at most.");
        wellKnown.MapGet("/oauth-authorization-server", ShowMetadata.Handle).WithName("getAuthorizationServer").WithSummary("Get the authorization server's metadata")
            .WithDescription("Addresses and abilities, for client libraries (RFC 8414).");
    }
}
