using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client.Docks;

/// <summary>Makes a dock: <c>POST /api/v1/docks</c>.</summary>
public sealed record CreateDockRequest
{
    [Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name { get; init; }

    /// <summary>Bytes of one artifact, 1 to 5 GiB; left out = 5 GiB.</summary>
    [Range(1, DockObject.LargestMaxSizeBytes)]
    public long? MaxSizeBytes { get; init; }
}

/// <summary>Changes to a dock; members left out stay as they are.</summary>
public sealed record PatchDockRequest : PatchRequest
{
    [NeverNull, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name
    {
        get;
        init => field = Named(value);
    }

    /// <summary>Bytes of one artifact, 1 to 5 GiB. What is stored already stays.</summary>
    [NeverNull, Range(1, DockObject.LargestMaxSizeBytes)]
    public long? MaxSizeBytes
    {
        get;
        init => field = Named(value);
    }
}

/// <summary>A place that machines deposit files in.</summary>
public sealed record DockObject
{
    /// <summary>5 GiB: the largest single PUT that S3 takes.</summary>
    public const long LargestMaxSizeBytes = 5L << 30;

    /// <summary><c>dock_…</c>.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Bytes of one artifact.</summary>
    public required long MaxSizeBytes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required NamedRef CreatedBy { get; init; }
}

/// <summary>Makes a machine client: <c>POST /api/v1/docks/{id}/clients</c>.</summary>
public sealed record CreateMachineClientRequest
{
    /// <summary>For people to tell machines apart.</summary>
    [Required, TextLength(255, MinimumLength = 1), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Name { get; init; }

    /// <summary><c>artifacts:write</c>, <c>artifacts:read</c> or both.</summary>
    [Required, Length(1, 16, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<string>? Scopes { get; init; }
}

/// <summary>An OAuth2 client of one dock, without its secret.</summary>
public record MachineClientObject
{
    /// <summary><c>client_…</c>.</summary>
    public required string ClientId { get; init; }

    public required string DockId { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Exact to a minute; null when it was never used.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>Until when the secret from before the last rotation is good, too; null when there is none or it ended at once.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    /// <summary>Who made it.</summary>
    public required NamedRef CreatedBy { get; init; }
}

/// <summary>A machine client with its secret, this one time.</summary>
public sealed record CreatedMachineClient : MachineClientObject
{
    public CreatedMachineClient()
    {
    }

    /// <param name="client">Everything but the secret.</param>
    [SetsRequiredMembers]
    public CreatedMachineClient(MachineClientObject client)
        : base(client) => ClientSecret = "";

    /// <summary>Goes to <c>POST /api/v1/oauth/token</c>. Not stored: it can't be shown again.</summary>
    public required string ClientSecret { get; init; }
}

/// <summary>Rotates a machine client's secret: <c>POST /api/v1/docks/{id}/clients/{clientId}/rotate</c>.</summary>
public sealed record RotateMachineClientRequest
{
    /// <summary>Seconds for which the old secret stays good beside the new one, up to 7 days; left out = 0, it ends at once.</summary>
    [Range(0, 604_800)]
    public int? GracePeriodSeconds { get; init; }
}
