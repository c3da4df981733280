using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client.OAuth;
using ArtifactPlatform.Core.ApiKeys;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ArtifactPlatform.Api.OAuth;

internal static class ShowMetadata
{
    public static Ok<AuthorizationServerMetadata> Handle(AccessTokens tokens) => TypedResults.Ok(new AuthorizationServerMetadata
    {
        Issuer = tokens.Issuer,
        TokenEndpoint = $"{tokens.Issuer}/api/v1/oauth/token",
        JwksUri = $"{tokens.Issuer}/.well-known/jwks.json",
        GrantTypesSupported = ["client_credentials"],
        ResponseTypesSupported = [],
        TokenEndpointAuthMethodsSupported = ["client_secret_basic", "client_secret_post"],
        ScopesSupported = Scopes.Machine,
    });
}
