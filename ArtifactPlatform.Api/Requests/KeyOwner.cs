using System.Buffers.Text;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.Authorization;

namespace ArtifactPlatform.Api.Requests;

/// <summary>Marks an anonymous route whose JSON body has a secret of 256 random bits under <paramref name="Property"/>: who knows it owns the idempotency keys that come with it.</summary>
internal sealed record OwnedBySecret(string Property);

/// <summary>Whose idempotency key it is: others may choose the same words.</summary>
/// <param name="CompanyId">Null when nobody is signed in.</param>
internal sealed record KeyOwner(string Id, string? CompanyId)
{
    public bool IsSignedIn => CompanyId is not null;

    /// <returns>Null where keys have no effect.</returns>
    /// <param name="readBody">Gives the text that the body has under a name; null = none.</param>
    public static async Task<KeyOwner?> OfAsync(HttpContext context, Func<string, Task<string?>> readBody)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<OwnedBySecret>() is { } owned)
        {
            return await readBody(owned.Property) is { Length: > 0 } secret ? new KeyOwner($"secret_{Base64Url.EncodeToString(SecretToken.Hash(secret))}", CompanyId: null) : null;
        }

        // Signing in and getting a token: see decision 11.
        return metadata?.GetMetadata<IAllowAnonymous>() is null && context.Features.Get<Caller>() is { } caller ? new KeyOwner(caller.OwnerId, caller.CompanyId) : null;
    }
}
