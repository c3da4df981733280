using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.Events;

namespace ArtifactPlatform.Api.Events;

/// <summary>An event as it goes over the wire (WHATWG HTML, 9.2), made once for all who listen.</summary>
internal sealed record EventFrame(long Sequence, string SubjectId, string Type, ReadOnlyMemory<byte> Bytes)
{
    public static EventFrame Of(EventRow row) => new(row.Sequence, row.SubjectId, row.Type, Encode(row.ToContract()));

    /// <summary>JSON has no line breaks of its own, so one data line holds it.</summary>
    public static byte[] Encode(PlatformEvent shown) =>
        Encoding.UTF8.GetBytes($"id: {shown.Id}\nevent: {shown.Type}\ndata: {JsonSerializer.Serialize(shown, ContractJson.Options)}\n\n");
}
