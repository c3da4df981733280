using ArtifactPlatform.Client.Webhooks;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Webhooks;

/// <summary>
/// Who sends which delivery, settled in SQL by the database's clock. An attempt has a time limit, so a lease needs no heartbeat: when it
/// has run out, the attempt is over or its worker is dead, and the delivery is due again.
/// </summary>
public sealed class DeliveryLeases(IDbContextFactory<PlatformDb> databases, IOptions<WebhookOptions> options, TimeProvider clock)
{
    /// <summary>From the claim to the settled row, the attempt aside: too little sends twice on a busy machine, more only delays what a dead worker left.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);

    private readonly TimeSpan lease = options.Value.Timeout + Margin;

    /// <summary>Endpoints that something is due for, in no order: none is always first.</summary>
    /// <param name="areFailing">Those whose last attempt failed, or the others.</param>
    /// <param name="taken">Left out.</param>
    public async Task<List<string>> FindDueAsync(bool areFailing, string[] taken, int limit, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.Database.SqlQuery<string>(
            $"""
            select e.id as "Value" from webhook_endpoints e
            where e.status = 'enabled' and (e.failing_since is not null) = {areFailing} and e.id <> all({taken})
              and exists (select from webhook_deliveries d where d.endpoint_id = e.id and d.status = 'pending' and d.next_attempt_at <= now())
            order by random() limit {limit}
            """).ToListAsync(ct);
    }

    /// <summary>Takes an endpoint's deliveries that are due, the longest due first.</summary>
    public async Task<List<WebhookDelivery>> ClaimAsync(string endpointId, int count, CancellationToken ct)
    {
        var token = Guid.NewGuid().ToString("N");
        await using var db = await databases.CreateDbContextAsync(ct);
        return await db.WebhookDeliveries
            .FromSql(
                $"""
                update webhook_deliveries set attempt = attempt + 1, step = step + (hurried_from is null)::int, lease_token = {token}, next_attempt_at = now() + {lease}
                where id in (
                    select id from webhook_deliveries where endpoint_id = {endpointId} and status = 'pending' and next_attempt_at <= now()
                    order by next_attempt_at, id limit {count} for update skip locked)
                returning *
                """)
            .AsNoTracking()
            .ToListAsync(ct);
    }

    /// <summary>Notes what came of an attempt, for the delivery and for its endpoint.</summary>
    /// <returns>Null when the lease was lost, and the answer with it; else why the endpoint is disabled now, if it is.</returns>
    internal async Task<Settlement?> SettleAsync(WebhookDelivery delivery, WebhookAnswer answer, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var standing = await MarkEndpointAsync(db, delivery, answer, ct);
        if (!await MarkDeliveryAsync(db, delivery, answer, standing, ct))
        {
            return null;
        }

        var reason = standing.Reason is { } why && await DisableEndpoint.ApplyAsync(db, delivery.CompanyId, delivery.EndpointId, why, clock.GetUtcNow(), ct) ? standing.Reason : null;
        await transaction.CommitAsync(ct);
        return new Settlement(reason);
    }

    /// <summary>The endpoint's row is touched only when the attempt changes how the endpoint stands, and before the delivery's: see <see cref="DisableEndpoint"/>.</summary>
    private static async Task<Standing> MarkEndpointAsync(PlatformDb db, WebhookDelivery delivery, WebhookAnswer answer, CancellationToken ct)
    {
        if (answer.IsSuccess)
        {
            await db.Database.ExecuteSqlAsync($"update webhook_endpoints set failing_since = null, failure_count = 0 where id = {delivery.EndpointId} and failing_since is not null", ct);
            return Standing.Well;
        }

        // A test that fails is no reason to think ill of an endpoint that gets few events.
        if (answer.IsHopeless || (delivery.Trigger == WebhookTrigger.Test && !answer.IsGone))
        {
            return Standing.Well;
        }

        var standings = await db.Database.SqlQuery<FailedEndpoint>(
            $"""
            update webhook_endpoints set failing_since = coalesce(failing_since, now()), failure_count = failure_count + 1 where id = {delivery.EndpointId}
            returning failing_since < now() - {WebhookLimits.MaxFailing} and failure_count >= {AttemptSchedule.MaxAttempts} as has_failed_for_long, status <> 'enabled' as is_disabled
            """).ToListAsync(ct);
        return standings is [var endpoint]
            ? new Standing(answer.IsGone ? WebhookDisabledReason.Gone : endpoint.HasFailedForLong ? WebhookDisabledReason.Failing : null, endpoint.IsDisabled)
            : Standing.Well;
    }

    private static async Task<bool> MarkDeliveryAsync(PlatformDb db, WebhookDelivery delivery, WebhookAnswer answer, Standing standing, CancellationToken ct)
    {
        // A test is for somebody who looks at it now.
        var isLast = answer.IsHopeless || standing.TakesNoMore || delivery.Trigger == WebhookTrigger.Test;
        var wait = isLast ? null : AttemptSchedule.WaitAfter(delivery.Step, Random.Shared.NextDouble());
        var status = answer.IsSuccess ? WebhookDeliveryStatus.Delivered : wait is null ? WebhookDeliveryStatus.Failed : WebhookDeliveryStatus.Pending;
        var pause = answer.IsSuccess ? null : wait;
        return await db.Database.ExecuteSqlAsync(
            $"""
            update webhook_deliveries set
                status = case when is_given_up and {status.Word()} = 'pending' then 'failed' else {status.Word()} end, lease_token = null,
                next_attempt_at = case when is_given_up then null when hurried_from > now() and {status.Word()} = 'pending' then hurried_from else now() + {pause} end, hurried_from = null,
                attempted_at = now(), duration_ms = {(int)answer.Duration.TotalMilliseconds}, response_status = {answer.Status}, response_body = {answer.Body},
                error_code = {answer.ErrorCode}, error_message = {answer.ErrorMessage}
            where id = {delivery.Id} and lease_token = {delivery.LeaseToken} and status = 'pending'
            """,
            ct) == 1;
    }

    /// <summary>How an attempt leaves its endpoint.</summary>
    /// <param name="Reason">Why it is to be disabled; null when it is not.</param>
    /// <param name="IsDisabled">It was disabled while the attempt was under way.</param>
    private readonly record struct Standing(WebhookDisabledReason? Reason, bool IsDisabled)
    {
        public static Standing Well => default;

        public bool TakesNoMore => Reason is not null || IsDisabled;
    }

    private sealed record FailedEndpoint(bool HasFailedForLong, bool IsDisabled);
}

/// <param name="DisabledReason">Why the endpoint is disabled by this; null when it is not.</param>
internal sealed record Settlement(WebhookDisabledReason? DisabledReason);
