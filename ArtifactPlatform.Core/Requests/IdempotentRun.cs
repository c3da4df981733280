namespace ArtifactPlatform.Core.Requests;

/// <summary>One run of a request that has an idempotency key. What the request commits finds it here and marks the key, in the same transaction.</summary>
public sealed class IdempotentRun(string ownerId, string key, string leaseToken) : IDisposable
{
    private static readonly AsyncLocal<IdempotentRun?> Ambient = new();

    private volatile bool ended;

    /// <summary>The run that the calling code belongs to; null when there is none, or it has ended: work that outlives its request is not part of it.</summary>
    public static IdempotentRun? Current => Ambient.Value is { ended: false } run ? run : null;

    public string OwnerId { get; } = ownerId;

    public string Key { get; } = key;

    public string LeaseToken { get; } = leaseToken;

    /// <summary>From here on, until it is disposed of, the caller and all that it calls are part of the run.</summary>
    public IdempotentRun Enter()
    {
        Ambient.Value = this;
        return this;
    }

    public void Dispose() => ended = true;
}

/// <summary>Another run has taken the request over; this one has been rolled back.</summary>
public sealed class RunSupersededException : Exception;
