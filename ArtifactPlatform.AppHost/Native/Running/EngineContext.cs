using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Logs;
using ArtifactPlatform.NativeHosting.Processes;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>What every driver of one running copy shares.</summary>
/// <param name="ServiceEnvironment">Variables that all services get on top of the graph's.</param>
internal sealed record EngineContext(
    DataFolder Data,
    PortBlock Ports,
    Launcher Launcher,
    LogBook Logs,
    IReadOnlyDictionary<string, string?> ServiceEnvironment,
    TimeProvider Time)
{
    public RunCommand Commands { get; } = new(Launcher, Time);
}
