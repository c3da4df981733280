using System.Security.Cryptography;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Client.OAuth;
using ArtifactPlatform.Core.Auth;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Api.OAuth;

internal static class ShowSigningKeys
{
    public static async Task<Ok<JwkSet>> Handle(SigningKeys keys, HttpResponse response, CancellationToken ct)
    {
        var published = await keys.PublishedAsync(ct);
        response.Headers.CacheControl = $"public, max-age={(int)SigningKeys.CopyLifetime.TotalSeconds}";
        return TypedResults.Ok(new JwkSet([.. published.Select(ToJwk)]));
    }

    private static Jwk ToJwk(SigningKey key)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PublicKey);
        var parameters = rsa.ExportParameters(includePrivateParameters: false);
        return new Jwk("RSA", "sig", SecurityAlgorithms.RsaSha256, key.Id, Base64UrlEncoder.Encode(parameters.Modulus), Base64UrlEncoder.Encode(parameters.Exponent));
    }
}
