using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ArtifactPlatform.Api.Events;

internal static class StreamEvents
{
    public static async Task<Results<EventStream, BadRequestError>> Handle(
        [Description("Id of the last event that you have; the stream goes on behind it."), FromHeader(Name = ReadPosition.Header), StringLength(64)] string? lastEventIdHeader,
        [Description("The same, for clients that can't set a header."), StringLength(64)] string? lastEventId,
        Caller caller,
        EventHub hub,
        CancellationToken ct)
    {
        var lease = await hub.OpenAsync(caller, ct);
        var sequence = lease.Head;
        if ((lastEventIdHeader ?? lastEventId) is { } last && !ReadPosition.TryRead(last, lease.Head, out sequence))
        {
            lease.Dispose();
            return Error.InvalidCursor("lastEventId");
        }

        return new EventStream(lease, sequence, subjectId: null, first: null);
    }
}
