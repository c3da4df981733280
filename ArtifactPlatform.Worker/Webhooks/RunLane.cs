using System.Text.Json;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Events;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>Sends one endpoint what is due.</summary>
public sealed partial class RunLane(IDbContextFactory<PlatformDb> databases, DeliveryLeases leases, SendWebhook sender, SecretBox secrets, TimeProvider clock, ILogger<RunLane> logger)
{
    /// <summary>For the statements that settle an attempt which was made when the process is being stopped.</summary>
    private static readonly TimeSpan SettleTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Until nothing is due, an attempt fails, or the lane has had its <paramref name="rounds"/>.</summary>
    /// <param name="stopping">No new attempt.</param>
    /// <param name="abandon">Attempts that are under way are broken off; another worker makes them again.</param>
    public async Task RunAsync(string endpointId, int width, int rounds, CancellationToken stopping, CancellationToken abandon)
    {
        try
        {
            for (var round = 0; round < rounds && !stopping.IsCancellationRequested; round++)
            {
                if (!await RunRoundAsync(endpointId, width, abandon))
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException) when (abandon.IsCancellationRequested)
        {
            // The leases run out.
        }
        catch (Exception e)
        {
            LogBrokeOff(logger, e, endpointId);
        }
    }

    /// <returns>Whether there may be more, and it is likely to arrive.</returns>
    private async Task<bool> RunRoundAsync(string endpointId, int width, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        var endpoint = await db.WebhookEndpoints.AsNoTracking().SingleOrDefaultAsync(e => e.Id == endpointId && e.Status == WebhookEndpointStatus.Enabled, ct);
        if (endpoint is null || await leases.ClaimAsync(endpointId, width, ct) is not { Count: > 0 } claimed)
        {
            return false;
        }

        var bodies = await ReadBodiesAsync(db, endpoint, claimed, ct);
        var arrived = await Task.WhenAll(claimed.Select(delivery => AttemptAsync(endpoint, delivery, bodies.GetValueOrDefault(delivery.Id), ct)));
        return claimed.Count == width && arrived.All(well => well);
    }

    /// <summary>What each delivery posts, by its id; those whose event the log no longer has are left out.</summary>
    private static async Task<Dictionary<string, byte[]>> ReadBodiesAsync(PlatformDb db, WebhookEndpoint endpoint, List<WebhookDelivery> deliveries, CancellationToken ct)
    {
        var sequences = deliveries.Select(d => d.EventSequence).OfType<long>().ToArray();
        var events = await db.Events.AsNoTracking().Where(e => e.CompanyId == endpoint.CompanyId && sequences.Contains(e.Sequence)).ToDictionaryAsync(e => e.Sequence, ct);
        var bodies = new Dictionary<string, byte[]>();
        foreach (var delivery in deliveries)
        {
            if (delivery.EventSequence is not { } sequence)
            {
                bodies[delivery.Id] = Write(TestEvent(delivery));
            }
            else if (events.TryGetValue(sequence, out var row))
            {
                bodies[delivery.Id] = Write(row.ToContract());
            }
        }

        return bodies;
    }

    private async Task<bool> AttemptAsync(WebhookEndpoint endpoint, WebhookDelivery delivery, byte[]? body, CancellationToken ct)
    {
        var answer = delivery.Step > AttemptSchedule.MaxAttempts ? WebhookAnswer.Hopeless("worker_died", "The worker died in the last attempt; whether it arrived is not known.")
            : body is null ? WebhookAnswer.Hopeless("event_expired", "The event is no longer kept, so that it can't be sent.")
            : await sender.SendAsync(new Uri(endpoint.Url), LiveSecrets(endpoint), delivery.EventId, body, ct);
        // What was sent is settled, whatever else ends meanwhile.
        using var timeout = new CancellationTokenSource(SettleTimeout, clock);
        if (await leases.SettleAsync(delivery, answer, timeout.Token) is not { } settled)
        {
            LogLost(logger, delivery.Id, delivery.EndpointId);
            return false;
        }

        LogAttempt(logger, delivery.Id, delivery.EndpointId, delivery.EventId, delivery.Attempt, answer.Status, answer.ErrorCode ?? "delivered");
        if (settled.DisabledReason is { } reason)
        {
            LogDisabled(logger, delivery.EndpointId, reason);
        }

        return answer.IsSuccess || answer.IsHopeless;
    }

    /// <summary>The newest first; the one before it for as long as it was given.</summary>
    private List<string> LiveSecrets(WebhookEndpoint endpoint)
    {
        var live = new List<string> { secrets.Unprotect(SecretBox.WebhookSecretPurpose, endpoint.ProtectedSecret) };
        if (endpoint.PreviousProtectedSecret is { } previous && endpoint.PreviousExpiresAt > clock.GetUtcNow())
        {
            live.Add(secrets.Unprotect(SecretBox.WebhookSecretPurpose, previous));
        }

        return live;
    }

    private static PlatformEvent TestEvent(WebhookDelivery delivery) => new()
    {
        Id = delivery.EventId,
        Type = EventTypes.WebhookTest,
        CreatedAt = delivery.CreatedAt,
        CompanyId = delivery.CompanyId,
        Data = new EventData(JsonSerializer.SerializeToElement(new { id = delivery.EndpointId }, ContractJson.Options)),
    };

    private static byte[] Write(PlatformEvent shown) => JsonSerializer.SerializeToUtf8Bytes(shown, ContractJson.Options);

    [LoggerMessage(LogLevel.Information, "Webhook {DeliveryId} to {EndpointId}: event {EventId}, attempt {Attempt}, HTTP {Status}, {Outcome}")]
    private static partial void LogAttempt(ILogger logger, string deliveryId, string endpointId, string eventId, int attempt, int? status, string outcome);

    [LoggerMessage(LogLevel.Warning, "Webhook {DeliveryId} to {EndpointId} was lost to another worker")]
    private static partial void LogLost(ILogger logger, string deliveryId, string endpointId);

    [LoggerMessage(LogLevel.Warning, "Webhook endpoint {EndpointId} is disabled: {Reason}")]
    private static partial void LogDisabled(ILogger logger, string endpointId, WebhookDisabledReason reason);

    [LoggerMessage(LogLevel.Error, "Sending to webhook endpoint {EndpointId} broke off; what was claimed comes due again")]
    private static partial void LogBrokeOff(ILogger logger, Exception exception, string endpointId);
}
