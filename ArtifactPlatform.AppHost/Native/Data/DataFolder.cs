using System.Globalization;

namespace ArtifactPlatform.NativeHosting.Data;

/// <summary>The one folder in which a copy of the platform keeps everything. Held by one running copy at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly FileStream _lock;

    private DataFolder(string root, FileStream heldLock)
    {
        Root = root;
        _lock = heldLock;
    }

    public string Root { get; }

    public string Logs => Sub("logs");

    public string Run => Sub("run");

    /// <summary>Creates it if need be, and takes it for this process.</summary>
    /// <exception cref="CannotStartException">It cannot be written, or another copy runs in it.</exception>
    public static DataFolder Open(string root)
    {
        try
        {
            Directory.CreateDirectory(root, OwnerOnly);
            var folder = new DataFolder(root, TakeLock(root));
            File.WriteAllText(HolderFile(root), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            return folder;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CannotStartException($"DATA_DIR {root} cannot be used ({e.Message.TrimEnd('.')}); set DATA_DIR to a folder that can be written", e);
        }
    }

    /// <summary>A folder in it, made when missing, readable by its owner only.</summary>
    public string Sub(string name) => Directory.CreateDirectory(Path.Combine(Root, name), OwnerOnly).FullName;

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>Written whole or not at all, readable by its owner only.</summary>
    public static void WritePrivate(string path, string text)
    {
        var draft = path + ".new";
        File.Delete(draft);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(draft, options))
        {
            writer.Write(text);
        }

        File.Move(draft, path, overwrite: true);
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream TakeLock(string root)
    {
        try
        {
            return new FileStream(Path.Combine(root, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(root, ".lock")))
        {
            var holder = File.Exists(HolderFile(root)) ? $" (pid {File.ReadAllText(HolderFile(root))})" : "";
            throw new CannotStartException($"DATA_DIR {root} is in use by a running copy{holder}; stop it, or set DATA_DIR to another folder");
        }
    }

    private static string HolderFile(string root) => Path.Combine(root, "host.pid");
}
