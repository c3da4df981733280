using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Events;

internal static class StreamEvents
{
    public static async Task<Results<EventStream, BadRequestError>> Handle(
        [Description("Id of the last event that you have; the stream goes on behind it."), FromHeader(Name = ReadPosition.Header), StringLength(64)] string? lastEventIdHeader,
        [Description("The same, for clients that can't set a header."), StringLength(64)] string? lastEventId,
        Caller caller,
        EventHub hub,
        IDbContextFactory<PlatformDb> databases,
        CancellationToken ct)
    {
        var types = EventFilter.CoveredBy(caller.Scopes);
        var lease = await hub.OpenAsync(caller, ct);
        if ((lastEventIdHeader ?? lastEventId) is not { } last)
        {
            return new EventStream(lease, lease.Head, subjectId: null, types, first: null);
        }

        try
        {
            var (sequence, error) = await ReadPosition.ReadAsync(last, lease, databases, ct);
            if (error is null)
            {
                return new EventStream(lease, sequence, subjectId: null, types, first: null);
            }

            lease.Dispose();
            return error;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }
}
