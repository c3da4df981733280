namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>Who has to be up before whom, read off the graph; stopping goes the other way.</summary>
internal sealed class StartOrder
{
    private readonly Dictionary<Resource, HashSet<Resource>> _needs;

    /// <exception cref="CannotStartException">Two resources wait for each other.</exception>
    public StartOrder(IEnumerable<Resource> resources)
    {
        var running = resources.Where(resource => resource.Runs).ToList();
        _needs = running.ToDictionary(resource => resource, Needed);
        Sorted = Sort(running);
    }

    /// <summary>Every resource after all that it needs.</summary>
    public IReadOnlyList<Resource> Sorted { get; }

    public IEnumerable<Resource> DependentsOf(Resource resource) =>
        Sorted.Where(other => _needs[other].Contains(resource));

    private static HashSet<Resource> Needed(Resource resource) =>
        [.. resource.Waits.Select(wait => wait.Dependency).Concat(resource.Uses).Where(other => other.Runs && other != resource)];

    private List<Resource> Sort(List<Resource> resources)
    {
        var sorted = new List<Resource>(resources.Count);
        while (sorted.Count < resources.Count)
        {
            var next = resources.Find(resource => !sorted.Contains(resource) && _needs[resource].All(sorted.Contains))
                ?? throw new CannotStartException(
                    $"These resources wait for each other: {string.Join(", ", resources.Except(sorted).Select(resource => resource.Name))}");
            sorted.Add(next);
        }

        return sorted;
    }
}
