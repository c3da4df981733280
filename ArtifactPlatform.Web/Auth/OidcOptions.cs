using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Web.Auth;

/// <summary>Settings <c>Oidc:*</c>: the OpenID Connect provider that people may sign in through. Off unless an authority is set; the Api takes the same two first ones.</summary>
public sealed record OidcOptions : IValidatableObject
{
    public const string Section = "Oidc";

    /// <summary>The provider's issuer, as <c>https://accounts.example.com</c>.</summary>
    public Uri? Authority { get; init; }

    [StringLength(255)]
    public string? ClientId { get; init; }

    [StringLength(1024)]
    public string? ClientSecret { get; init; }

    /// <summary>What people know it as: "Sign in with …".</summary>
    [StringLength(64, MinimumLength = 1)]
    public string DisplayName { get; init; } = "your company account";

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

        if (string.IsNullOrEmpty(ClientId) || string.IsNullOrEmpty(ClientSecret))
        {
            yield return new ValidationResult("Oidc:ClientId and Oidc:ClientSecret must be set where Oidc:Authority is (environment: Oidc__ClientId, Oidc__ClientSecret).", [nameof(ClientId)]);
        }
    }
}
