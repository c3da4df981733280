using System.Text.Json;
using ArtifactPlatform.Client.Audit;

namespace ArtifactPlatform.Web.Audit;

/// <summary>What the audit log says, as people say it.</summary>
public static class AuditWords
{
    /// <summary>In the order of the filter. An action that is not here is shown by its own word.</summary>
    public static IReadOnlyList<(string Action, string Words)> Known { get; } =
    [
        ("invitation.created", "Invited someone"),
        ("invitation.revoked", "Revoked an invitation"),
        ("user.joined", "Joined"),
        ("user.role_changed", "Changed a role"),
        ("user.renamed", "Changed a name"),
        ("user.removed", "Removed someone"),
        ("user.password_changed", "Changed their password"),
        ("user.locked", "Locked an account after wrong passwords"),
        ("user.linked", "First signed in through the provider"),
        ("sessions.revoked", "Ended sessions"),
        ("api_key.created", "Made an API key"),
        ("api_key.rotated", "Rotated an API key"),
        ("api_key.revoked", "Revoked an API key"),
        ("s3_credentials.attached", "Attached S3 credentials"),
        ("s3_credentials.tested", "Tried S3 credentials"),
        ("s3_credentials.removed", "Removed S3 credentials"),
        ("playback_key.created", "Made a playback key"),
        ("playback_key.deleted", "Deleted a playback key"),
        ("artifact.deleted", "Deleted an artifact"),
        ("artifact.restored", "Restored an artifact"),
        ("retention.changed", "Changed how long things are kept"),
        ("video.deleted", "Deleted a video"),
        ("webhook_endpoint.created", "Made a webhook endpoint"),
        ("webhook_endpoint.changed", "Changed a webhook endpoint"),
        ("webhook_endpoint.deleted", "Deleted a webhook endpoint"),
        ("webhook_secret.rotated", "Rotated a webhook secret"),
        ("webhook_events.replayed", "Sent events again"),
        ("dock.created", "Made a dock"),
        ("dock.changed", "Changed a dock"),
        ("dock.deleted", "Deleted a dock"),
        ("machine_client.created", "Made a machine client"),
        ("machine_client.rotated", "Rotated a machine client's secret"),
        ("machine_client.deleted", "Deleted a machine client"),
        ("dock_artifact.deleted", "Deleted a dock's artifact"),
    ];

    /// <summary>Details that name what it was done to, the best first.</summary>
    private static readonly string[] Names = ["email", "name", "title", "filename", "accessKeyId"];

    public static string Of(string action) => Known.FirstOrDefault(k => k.Action == action).Words ?? action;

    /// <summary>Null when the details don't say.</summary>
    public static string? Subject(AuditEntryObject entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Names.Select(name => entry.Details.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null).FirstOrDefault(value => value is not null);
    }

    /// <summary><c>previousExpiresAt</c> as <c>Previous expires at</c>.</summary>
    public static string Label(string member)
    {
        ArgumentException.ThrowIfNullOrEmpty(member);
        return char.ToUpperInvariant(member[0]) + string.Concat(member[1..].Select(c => char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{c}"));
    }

    public static string Value(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Value)),
        JsonValueKind.Null => "–",
        _ => value.GetRawText(),
    };
}
