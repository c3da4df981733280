using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Api.Auth;

/// <summary>Settings <c>Oidc:*</c>: the one OpenID Connect provider that people may sign in through. Off unless an authority is set.</summary>
public sealed record OidcOptions : IValidatableObject
{
    /// <summary>The provider's issuer, as <c>https://accounts.example.com</c>; its metadata stands below <c>/.well-known</c>.</summary>
    public Uri? Authority { get; init; }

    /// <summary>What the dashboard is to the provider; identity tokens must be made out to it.</summary>
    [StringLength(255)]
    public string? ClientId { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Authority is null)
        {
            yield break;
        }

        if (Authority is not { IsAbsoluteUri: true } || (Authority.Scheme != Uri.UriSchemeHttps && !Authority.IsLoopback))
        {
            yield return new ValidationResult("Oidc:Authority must be an https address (environment: Oidc__Authority).", [nameof(Authority)]);
        }

        if (string.IsNullOrEmpty(ClientId))
        {
            yield return new ValidationResult("Oidc:ClientId must be set where Oidc:Authority is (environment: Oidc__ClientId).", [nameof(ClientId)]);
        }
    }
}
