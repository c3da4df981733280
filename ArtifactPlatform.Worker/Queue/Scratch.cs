using System.Globalization;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Queue;

/// <summary>Folders for files that must be seekable, each deleted with its job. What a killed worker left behind is deleted at the next start.</summary>
public sealed class Scratch
{
    /// <summary>Customers' files: no other user of the machine may read them.</summary>
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const string Setting = "Worker__ScratchPath";

    private readonly string root;

    private Scratch(string root) => this.root = root;

    /// <summary>Private to the user that runs the worker: in their home or, for an account without one, beside the temporary files.</summary>
    internal static string DefaultPath { get; } = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData) is { Length: > 0 } home
        ? Path.Combine(home, "artifact-platform", "scratch")
        : Path.Combine(Path.GetTempPath(), $"artifact-platform-{Environment.UserName}");

    /// <inheritdoc cref="Open(string)"/>
    public static Scratch Open(IConfiguration configuration) =>
        Open(configuration[$"Worker:{nameof(WorkerOptions.ScratchPath)}"] is { Length: > 0 } path ? path : DefaultPath);

    /// <summary>Creates the folder with mode 0700, deletes what dead workers left in it, and makes a folder for this process.</summary>
    /// <exception cref="OptionsValidationException">The folder can't be used; says why and what to change.</exception>
    public static Scratch Open(string path)
    {
        try
        {
            var shared = CreatePrivate(path);
            var own = CreatePrivate(Path.Combine(shared, Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            var probe = Path.Combine(own, ".writable");
            File.WriteAllBytes(probe, [0]);
            File.Delete(probe);
            DeleteLeftovers(shared);
            return new Scratch(own);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new OptionsValidationException(Setting, typeof(WorkerOptions), [$"The scratch folder {path} can't be used: {Reason(path, e)} Set {Setting} to another folder."]);
        }
    }

    public ScratchFolder NewFolder(string name) => new(Directory.CreateDirectory(Path.Combine(root, $"{name}-{Guid.NewGuid():N}")).FullName);

    private static string CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(path).FullName;
        }

        var folder = Directory.CreateDirectory(path, OwnerOnly).FullName;
        // Fails for a folder that was there before and belongs to another user.
        File.SetUnixFileMode(folder, OwnerOnly);
        return folder;
    }

    private static void DeleteLeftovers(string shared)
    {
        foreach (var folder in Directory.EnumerateDirectories(shared))
        {
            // Folders are named by process id. A reused id keeps a folder until a later start; the folder of a live worker is never deleted.
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !Directory.Exists($"/proc/{pid}"))
            {
                try
                {
                    Directory.Delete(folder, recursive: true);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Another worker that starts at the same time deletes it too.
                }
            }
        }
    }

    private static string Reason(string path, Exception exception) => exception switch
    {
        _ when File.Exists(path) => "it is a file.",
        UnauthorizedAccessException => $"it belongs to another user or is not writable for {Environment.UserName}.",
        _ => exception.Message.ReplaceLineEndings(" "),
    };
}

/// <summary>A folder that is deleted with its contents when it is disposed of.</summary>
public sealed class ScratchFolder(string path) : IDisposable
{
    public string Path { get; } = path;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
