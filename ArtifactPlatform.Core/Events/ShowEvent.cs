using System.Text.Json;
using ArtifactPlatform.Client.Events;

namespace ArtifactPlatform.Core.Events;

/// <summary>Rows of the log in the contract's form: the same for streams, replays and webhooks.</summary>
public static class ShowEvent
{
    public static PlatformEvent ToContract(this EventRow row) => new()
    {
        Id = row.Id,
        Type = row.Type,
        CreatedAt = row.CreatedAt,
        CompanyId = row.CompanyId,
        Data = new EventData(JsonSerializer.Deserialize<JsonElement>(row.Object)),
    };
}
