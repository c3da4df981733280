namespace ArtifactPlatform.Worker.Upkeep.Reconciling;

/// <summary>Whose an object is, by its key.</summary>
/// <param name="Id">Of an artifact, of a dock or not, upload, temporary upload or video.</param>
/// <param name="Package">Of a video's object: its package, or <c>captions</c>; else null.</param>
public sealed record ObjectOwner(string Id, string? Package)
{
    /// <returns>Null for a key that the platform would not write: somebody else's, and never touched.</returns>
    public static ObjectOwner? Of(string key) => key.Split('/') switch
    {
        ["uploads" or "incoming" or "temp" or "docks" or "doctor", { Length: > 0 } id, { Length: > 0 }, ..] => new(id, Package: null),
        ["videos", { Length: > 0 } id, { Length: > 0 } package, { Length: > 0 }, ..] => new(id, package),
        _ => null,
    };
}
