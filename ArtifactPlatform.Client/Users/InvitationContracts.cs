using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client.Users;

/// <summary>Invites a person into the company: <c>POST /api/v1/invitations</c>.</summary>
public sealed record CreateInvitationRequest
{
    [Required, StringLength(254, MinimumLength = 3), RegularExpression(ContractPatterns.EmailAddress, ErrorMessage = ContractPatterns.EmailAddressMessage)]
    public string? Email { get; init; }

    /// <summary>Left out = they say it themselves.</summary>
    [TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name { get; init; }

    /// <summary><c>owner</c>, <c>member</c> or <c>viewer</c>.</summary>
    [Required, AllowedValues("owner", "member", "viewer", ErrorMessage = "role must be one of owner, member, viewer")]
    public string? Role { get; init; }
}

/// <summary>An invitation that has not been taken up, without its token.</summary>
public record InvitationObject
{
    /// <summary><c>inv_…</c>.</summary>
    public required string Id { get; init; }

    public required string Email { get; init; }

    public string? Name { get; init; }

    /// <summary><c>owner</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Who invited.</summary>
    public required NamedRef CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>It can't be taken up from then on.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A new invitation, with its token this one time.</summary>
public sealed record CreatedInvitation : InvitationObject
{
    public CreatedInvitation()
    {
    }

    /// <param name="invitation">Everything but the token.</param>
    [SetsRequiredMembers]
    public CreatedInvitation(InvitationObject invitation)
        : base(invitation) => Token = "";

    /// <summary><c>join_…</c>: whoever has it may join. The dashboard's page <c>/join</c> takes it behind <c>#</c>. Not stored: it can't be shown again.</summary>
    public required string Token { get; init; }
}

/// <summary>Asks what an invitation is for: <c>POST /api/v1/invitations/lookup</c>.</summary>
public sealed record LookupInvitationRequest
{
    [Required, StringLength(256, MinimumLength = 1)]
    public string? Token { get; init; }
}

/// <summary>What the invited person is shown before they join.</summary>
/// <param name="Name">As whoever invited wrote it; null when they did not.</param>
/// <param name="Role"><c>owner</c>, <c>member</c> or <c>viewer</c>.</param>
public sealed record InvitationPreview(string Company, string Email, string? Name, string Role, DateTimeOffset ExpiresAt);

/// <summary>Takes an invitation up: <c>POST /api/v1/invitations/accept</c>.</summary>
public sealed record AcceptInvitationRequest
{
    [Required, StringLength(256, MinimumLength = 1)]
    public string? Token { get; init; }

    [Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name { get; init; }

    /// <summary>12 to 128 characters of any kind, and not one that is easily guessed.</summary>
    [Required, StringLength(128, MinimumLength = 12)]
    public string? Password { get; init; }

    /// <summary>What the session runs on, for the person to know it by; left out = the request's <c>User-Agent</c>.</summary>
    [StringLength(512)]
    public string? Device { get; init; }
}
