using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Client.Users;

/// <summary>A person of the company, as <c>GET /api/v1/users</c> shows them.</summary>
public sealed record UserObject
{
    /// <summary>24 hex digits.</summary>
    public required string Id { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    /// <summary><c>owner</c>, <c>member</c> or <c>viewer</c>.</summary>
    public required string Role { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null when they never did.</summary>
    public DateTimeOffset? LastSignInAt { get; init; }

    /// <summary>Until when wrong passwords keep them out; null when nothing does.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>How many API keys that they made are in force: these end with them.</summary>
    public required int LiveApiKeys { get; init; }
}

/// <summary>Changes to a person; members left out stay as they are.</summary>
public sealed record PatchUserRequest : PatchRequest
{
    [NeverNull, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name
    {
        get;
        init => field = Named(value);
    }

    /// <summary><c>owner</c>, <c>member</c> or <c>viewer</c>.</summary>
    [NeverNull, AllowedValues(null, "owner", "member", "viewer", ErrorMessage = "role must be one of owner, member, viewer")]
    public string? Role
    {
        get;
        init => field = Named(value);
    }
}

/// <summary>Changes to oneself: <c>PATCH /api/v1/users/me</c>; what is left out stays.</summary>
public sealed record PatchMeRequest : PatchRequest
{
    [NeverNull, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name
    {
        get;
        init => field = Named(value);
    }
}

/// <summary>Changes one's own password: <c>PUT /api/v1/users/me/password</c>.</summary>
public sealed record ChangePasswordRequest
{
    [Required, StringLength(256, MinimumLength = 1)]
    public string? CurrentPassword { get; init; }

    /// <summary>12 to 128 characters of any kind, and not one that is easily guessed.</summary>
    [Required, StringLength(128, MinimumLength = 12)]
    public string? NewPassword { get; init; }
}
