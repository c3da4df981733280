using System.Globalization;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>Folders for files that must be seekable, each gone with its job. What a killed worker left is removed at the next start.</summary>
public sealed class Scratch
{
    private readonly string root;

    public Scratch(IOptions<WorkerOptions> options)
    {
        var shared = Directory.CreateDirectory(options.Value.ScratchPath).FullName;
        foreach (var folder in Directory.EnumerateDirectories(shared))
        {
            // Folders are named by process id. One that is reused spares a folder until the next start, never removes a live one.
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !Directory.Exists($"/proc/{pid}"))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        root = Directory.CreateDirectory(Path.Combine(shared, Environment.ProcessId.ToString(CultureInfo.InvariantCulture))).FullName;
        if (!OperatingSystem.IsWindows())
        {
            // Customers' files: nobody else on the machine may look in.
            File.SetUnixFileMode(root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public ScratchFolder NewFolder(string name) => new(Directory.CreateDirectory(Path.Combine(root, $"{name}-{Guid.NewGuid():N}")).FullName);
}

/// <summary>A folder that is removed with all it holds when it is disposed of.</summary>
public sealed class ScratchFolder(string path) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
