using ArtifactPlatform.Api.Requests;
using Microsoft.IdentityModel.JsonWebTokens;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Which key a token says it is signed with, before anything of it is trusted.</summary>
internal static class ReadKeyId
{
    private static readonly JsonWebTokenHandler Handler = new();

    /// <returns>Null when the token is no JWT, or names no key that could be looked up.</returns>
    public static string? Of(string token)
    {
        try
        {
            return Handler.CanReadToken(token) && Handler.ReadJsonWebToken(token).Kid is { Length: > 0 } kid && StorableText.Fits(kid) ? kid : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            // It has the form of one, and a header that is no JSON, or holds what is no text.
            return null;
        }
    }
}
