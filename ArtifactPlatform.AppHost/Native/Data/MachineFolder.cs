namespace ArtifactPlatform.NativeHosting.Data;

/// <summary>Where small files lie that concern the machine, not one data folder, and that need not outlive its next start.</summary>
internal static class MachineFolder
{
    /// <summary>Root has one that nobody else can write: in /tmp anybody could have made the name before.</summary>
    public static string Of(string name) =>
        Path.Combine(Environment.IsPrivilegedProcess && Directory.Exists("/run") ? "/run" : "/tmp", $"artifact-platform-{name}");
}
