using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace ArtifactPlatform.Core.Requests;

/// <summary>
/// Marks an idempotency key in each transaction that its request commits. Whoever sends the request again after a crash is so told
/// apart: nothing was changed, or all was and the answer is lost. A run whose lease was lost commits nothing.
/// </summary>
public sealed class GuardCommits(TimeProvider clock) : DbTransactionInterceptor
{
    /// <exception cref="RunSupersededException">The lease was lost.</exception>
    public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
        DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        if (IdempotentRun.Current is { } run && eventData.Context is { } db)
        {
            var now = clock.GetUtcNow();
            var marked = await db.Set<IdempotencyKey>()
                .Where(k => k.OwnerId == run.OwnerId && k.Key == run.Key && k.LeaseToken == run.LeaseToken)
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.EffectAt, now), cancellationToken);
            if (marked == 0)
            {
                throw new RunSupersededException();
            }
        }

        return result;
    }
}

/// <summary>Has even a single statement saved in a transaction while a request with an idempotency key runs: <see cref="GuardCommits"/> sees those alone.</summary>
public sealed class UseTransactions : SaveChangesInterceptor
{
    public static readonly UseTransactions Instance = new();

    private UseTransactions()
    {
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        if (IdempotentRun.Current is not null && eventData.Context is { } db)
        {
            db.Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;
        }

        return ValueTask.FromResult(result);
    }
}
