using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Webhooks;

namespace ArtifactPlatform.Web.Webhooks;

/// <summary>What webhooks say, as people read it.</summary>
public static class WebhookWords
{
    public const string AllEvents = "*";

    /// <summary>Event types by kind, in the order in which they happen.</summary>
    public static IReadOnlyList<IGrouping<string, string>> Kinds { get; } = [.. EventTypes.Logged.GroupBy(type => type.Split('.')[0])];

    /// <summary>All of one kind.</summary>
    public static string AllOf(string kind) => $"{kind}.*";

    /// <summary>What a delivery can be about.</summary>
    public static IReadOnlyList<string> DeliveryTypes { get; } = [.. EventTypes.Logged, EventTypes.WebhookTest];

    /// <summary>Disabled, and not by one of the company: somebody has to know.</summary>
    public static bool IsGivenUp(WebhookEndpointObject endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.DisabledReason is WebhookDisabledReason.Gone or WebhookDisabledReason.Failing;
    }

    /// <summary>Why nothing is sent to it; null while it is enabled.</summary>
    public static string? WhyDisabled(WebhookEndpointObject endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return endpoint.DisabledReason switch
        {
            WebhookDisabledReason.Gone => "It answered 410: it wants no more events.",
            WebhookDisabledReason.Failing => "Every attempt failed for three days.",
            WebhookDisabledReason.ByUser => "Somebody of your company disabled it.",
            _ => null,
        };
    }

    public static string Name(WebhookDeliveryStatus status) => status switch
    {
        WebhookDeliveryStatus.Pending => "Pending",
        WebhookDeliveryStatus.Delivered => "Delivered",
        _ => "Failed",
    };

    /// <summary>Of the style sheet.</summary>
    public static string TagClass(WebhookDeliveryStatus status) => status switch
    {
        WebhookDeliveryStatus.Pending => "tag tag-wait",
        WebhookDeliveryStatus.Delivered => "tag tag-good",
        _ => "tag tag-bad",
    };

    /// <summary>The last answer in a word or two.</summary>
    public static string Answer(WebhookDeliveryObject delivery)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        return delivery switch
        {
            { ResponseStatus: { } status } => $"HTTP {status}",
            { ErrorCode: { } code } => code.Replace('_', ' '),
            _ => "no answer yet",
        };
    }
}
