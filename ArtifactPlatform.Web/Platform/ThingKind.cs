namespace ArtifactPlatform.Web.Platform;

/// <summary>What lists, pages and the event feed need to know about one kind of thing that the platform keeps.</summary>
/// <param name="Events">How the types of its events begin: <c>artifact.</c></param>
/// <param name="IdOf">Ids sort by time of creation.</param>
/// <param name="UpdatedAtOf">Tells which of two answers is the later one.</param>
public sealed record ThingKind<T>(string Events, Func<T, string> IdOf, Func<T, DateTimeOffset> UpdatedAtOf)
    where T : class
{
    public string DeletedEvent => Events + "deleted";
}

/// <summary>One change to a thing. <paramref name="Thing"/> is null when it was deleted.</summary>
public sealed record Change<T>(string Id, T? Thing)
    where T : class;
