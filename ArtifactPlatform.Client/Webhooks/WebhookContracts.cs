using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Client.Webhooks;

/// <summary>Whether an endpoint is sent events.</summary>
public enum WebhookEndpointStatus
{
    Enabled,
    Disabled,
}

/// <summary>Why an endpoint is sent nothing.</summary>
public enum WebhookDisabledReason
{
    /// <summary>Somebody of the company disabled it.</summary>
    ByUser,

    /// <summary>It answered 410.</summary>
    Gone,

    /// <summary>For three days every attempt failed.</summary>
    Failing,
}

/// <summary>Makes a webhook endpoint: <c>POST /api/v1/webhook-endpoints</c>.</summary>
public sealed record CreateWebhookEndpointRequest
{
    /// <summary>Where events are posted to: http or https, a public address.</summary>
    [Required, StringLength(2048, MinimumLength = 1)]
    public string? Url { get; init; }

    /// <summary>Event types, <c>video.ready</c>; <c>artifact.*</c> for all of one kind; <c>*</c> for all.</summary>
    [Required, Length(1, WebhookEndpointObject.MaxEvents, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>For people to tell endpoints apart.</summary>
    [TextLength(255), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Description { get; init; }
}

/// <summary>Changes to a webhook endpoint; members left out stay as they are.</summary>
public sealed record PatchWebhookEndpointRequest : PatchRequest
{
    [NeverNull, StringLength(2048, MinimumLength = 1)]
    public string? Url
    {
        get;
        init => field = Named(value);
    }

    [NeverNull, Length(1, WebhookEndpointObject.MaxEvents, ErrorMessage = ContractPatterns.EntriesMessage)]
    public IReadOnlyList<string>? Events
    {
        get;
        init => field = Named(value);
    }

    /// <summary>Empty or null = none.</summary>
    [TextLength(255), RegularExpression(ContractPatterns.NoControlCharacters, ErrorMessage = ContractPatterns.NoControlCharactersMessage)]
    public string? Description
    {
        get;
        init => field = Named(value);
    }

    /// <summary><c>disabled</c> sends nothing more, and gives up what is on its way; <c>enabled</c> sends what happens from then on.</summary>
    [NeverNull]
    public WebhookEndpointStatus? Status
    {
        get;
        init => field = Named(value);
    }
}

/// <summary>Where events are posted to, without its secret.</summary>
public record WebhookEndpointObject
{
    /// <summary>Above the number of event types; longer lists repeat themselves.</summary>
    public const int MaxEvents = 32;

    /// <summary><c>we_…</c>.</summary>
    public required string Id { get; init; }

    public required string Url { get; init; }

    public string? Description { get; init; }

    /// <summary>Event types; <c>artifact.*</c> stands for all of one kind, <c>*</c> for all.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    public required WebhookEndpointStatus Status { get; init; }

    /// <summary>Null while it is enabled.</summary>
    public WebhookDisabledReason? DisabledReason { get; init; }

    public DateTimeOffset? DisabledAt { get; init; }

    /// <summary>Since when every attempt has failed; null when the last one succeeded. After three days, and ten failures at the least, the endpoint is disabled.</summary>
    public DateTimeOffset? FailingSince { get; init; }

    /// <summary>Until when the secret from before the last rotation signs, too; null when there is none or it ended at once.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public required NamedRef CreatedBy { get; init; }
}

/// <summary>A webhook endpoint with its secret, this one time.</summary>
public sealed record CreatedWebhookEndpoint : WebhookEndpointObject
{
    public CreatedWebhookEndpoint()
    {
    }

    /// <param name="endpoint">Everything but the secret.</param>
    [SetsRequiredMembers]
    public CreatedWebhookEndpoint(WebhookEndpointObject endpoint)
        : base(endpoint) => Secret = "";

    /// <summary><c>whsec_…</c>, as the Standard Webhooks libraries take it. It can't be shown again.</summary>
    public required string Secret { get; init; }
}

/// <summary>Rotates an endpoint's secret: <c>POST /api/v1/webhook-endpoints/{id}/rotate-secret</c>.</summary>
public sealed record RotateWebhookSecretRequest
{
    /// <summary>Seconds for which requests are signed with the old secret, too, up to 7 days; left out = a day, 0 = it ends at once.</summary>
    [Range(0, 604_800)]
    public int? GracePeriodSeconds { get; init; }
}
