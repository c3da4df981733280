using System.Runtime.Versioning;
using System.Text.Json;
using ArtifactPlatform.AppHost.Hosting;

namespace ArtifactPlatform.Tests.Hosting;

/// <summary>A data folder with blanks in its name, removed on disposal with everything that still runs in it.</summary>
[SupportedOSPlatform("linux")]
internal sealed class HostFolder : IDisposable
{
    public HostFolder() => Data = Path.Combine(Root, "data dir");

    /// <summary>Holds the data folder and what else a test needs.</summary>
    public string Root { get; } = Directory.CreateTempSubdirectory("ap host ").FullName;

    public string Data { get; }

    /// <summary>A home of its own for the host.</summary>
    public string Home => Directory.CreateDirectory(Path.Combine(Root, "home")).FullName;

    public string PathOf(string name) => Path.Combine(Data, name);

    public UnixFileMode ModeOf(string name) => File.GetUnixFileMode(PathOf(name));

    /// <summary>Every secret that the host generated.</summary>
    public IReadOnlyCollection<string> Secrets => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(PathOf("secrets.json")))!.Values;

    public string Log(string resource) => Read(PathOf($"logs/{resource}.log"));

    /// <summary>The length of a log now: what is written later begins there.</summary>
    public IReadOnlyDictionary<string, long> LogLengths(params IEnumerable<string> resources) =>
        resources.ToDictionary(resource => resource, resource => new FileInfo(PathOf($"logs/{resource}.log")).Length);

    /// <summary>Files below a folder that hold one of these texts.</summary>
    public static IReadOnlyList<string> FilesWith(string folder, IReadOnlyCollection<string> texts) =>
    [
        .. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 })
            .Where(file => new FileInfo(file).Length is > 0 and < 50_000_000) // Sockets have no length; the disk of Ceph is a sparse file of gigabytes.
            .Where(file => Read(file) is var content && texts.Any(text => content.Contains(text, StringComparison.Ordinal))),
    ];

    public void Dispose()
    {
        Leftovers.WaitUntilGone(Data);
        PlatformHost.RemoveCephsFolder(Data);
        Directory.Delete(Root, recursive: true);
    }

    private static string Read(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), System.Text.Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
