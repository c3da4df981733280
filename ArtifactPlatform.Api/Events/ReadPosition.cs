using ArtifactPlatform.Core.Events;

namespace ArtifactPlatform.Api.Events;

/// <summary>From where on a client wants to read: the id of the last event that it has.</summary>
internal static class ReadPosition
{
    /// <summary>The header that browsers send when they reconnect (WHATWG HTML, 9.2.3); the query parameter is for those who can't set one.</summary>
    public const string Header = "Last-Event-ID";

    /// <returns>False when <paramref name="id"/> is no place in this company's log, which has reached <paramref name="head"/>.</returns>
    public static bool TryRead(string id, long head, out long sequence) => EventLog.TryParseId(id, out sequence) && sequence <= head;
}
