using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Core.Network;

namespace ArtifactPlatform.Core.Webhooks;

/// <summary>Settings <c>Webhooks:*</c>.</summary>
public sealed record WebhookOptions
{
    /// <summary>Networks in CIDR notation that endpoints may lie in although they are not public. Empty = none.</summary>
    public IReadOnlyList<string> AllowedPrivateNetworks { get; init; } = [];

    /// <summary>How long an endpoint may take to answer. Less fails slow receivers; more lets dead ones hold their lanes longer.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <exception cref="FormatException">A network is not in CIDR notation.</exception>
    public AddressGuard CreateGuard() => AddressGuard.Allowing(AllowedPrivateNetworks);
}
