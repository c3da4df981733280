using ArtifactPlatform.Tests;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace ArtifactPlatform.Tests;

/// <summary>Starts the classes that take minutes before all others: the last one to end would run alone.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    /// <summary>Longest first. Every other class takes less than a minute.</summary>
    private static readonly string[] Longest =
    [
        nameof(Queue.FaultTests), nameof(Hosting.HostProcessTests), nameof(Videos.VideoTests), nameof(Hosting.HostFailureTests), nameof(Hosting.ReplicaTests),
    ];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(RankOf).ThenBy(collection => collection.UniqueID, StringComparer.Ordinal)];

    /// <summary>A class's own collection is named "Test collection for Namespace.Class (id: …)".</summary>
    private static int RankOf<TTestCollection>(TTestCollection collection)
        where TTestCollection : ITestCollection =>
        Array.FindIndex(Longest, name => collection.TestCollectionDisplayName.Contains($".{name} ", StringComparison.Ordinal)) is var rank and >= 0 ? rank : Longest.Length;
}
