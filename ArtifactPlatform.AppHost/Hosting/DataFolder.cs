using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>The one folder in which a copy of the platform keeps everything (DATA_DIR). One running copy owns it at a time.</summary>
internal sealed class DataFolder : IDisposable
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Room for the write-ahead logs of a start; below it Postgres and Ceph fail in ways that are hard to read.</summary>
    private const long LeastFreeBytes = 1L << 30;

    /// <summary>EWOULDBLOCK of flock(2): somebody else holds the lock.</summary>
    private const int WouldBlock = 11;

    private readonly FileStream _lock;
    private PortBlock? _ports;

    private DataFolder(string root, FileStream heldLock) => (Root, _lock) = (root, heldLock);

    public string Root { get; }

    public PortBlock Ports => _ports ??= PortBlock.Claim(PathOf("ports.json"));

    /// <summary>Creates it if necessary and takes it for this process.</summary>
    /// <exception cref="CannotStartException">It can't be written, is full, or another copy runs in it.</exception>
    public static DataFolder Open(string root)
    {
        var (lockFile, holder) = (Path.Combine(root, ".lock"), Path.Combine(root, "host.pid"));
        try
        {
            Directory.CreateDirectory(root, OwnerOnly);
            CheckSpace(root, new DriveInfo(root).AvailableFreeSpace, LeastFreeBytes);
            var folder = new DataFolder(root, new FileStream(lockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            File.WriteAllText(holder, $"{Environment.ProcessId}");
            return folder;
        }
        catch (IOException e) when (e.HResult == WouldBlock && File.Exists(holder))
        {
            throw new CannotStartException($"DATA_DIR {root} is in use by a running copy (pid {File.ReadAllText(holder)}); stop it, or set DATA_DIR to another folder");
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new CannotStartException($"DATA_DIR {root} cannot be used ({e.Message.TrimEnd('.')}); set DATA_DIR to a folder that can be written");
        }
    }

    /// <exception cref="CannotStartException">Less is free than is needed.</exception>
    public static void CheckSpace(string root, long freeBytes, long neededBytes)
    {
        if (freeBytes < neededBytes)
        {
            throw new CannotStartException($"DATA_DIR {root} has {freeBytes >> 20} MiB free and needs {neededBytes >> 20}; free some space, or set DATA_DIR to another disk");
        }
    }

    /// <summary>A folder in it, created when missing, readable by its owner only.</summary>
    public string Sub(string name) => Directory.CreateDirectory(PathOf(name), OwnerOnly).FullName;

    /// <summary>16 hexadecimal digits that stand for a folder where its path is too long.</summary>
    public static string ShortName(string path) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path)))[..16];

    public string PathOf(string name) => Path.Combine(Root, name);

    /// <summary>A secret of <c>secrets.json</c>: 43 letters and digits (256 random bits), generated once and kept.</summary>
    public string Secret(string name)
    {
        var path = PathOf("secrets.json");
        try
        {
            var secrets = File.Exists(path) ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(File.ReadAllText(path)) ?? [] : [];
            if (!secrets.TryGetValue(name, out var value))
            {
                value = secrets[name] = RandomNumberGenerator.GetString(Characters, 43);
                WritePrivate(path, JsonSerializer.Serialize(secrets));
            }

            return value;
        }
        catch (JsonException e)
        {
            // New secrets would lock everybody out of the data.
            throw new CannotStartException($"{path} is not valid JSON ({e.Message}); restore it, or start with an empty DATA_DIR");
        }
    }

    /// <summary>Writes the whole file or nothing; readable by its owner only.</summary>
    public static void WritePrivate(string path, string text)
    {
        File.Delete(path + ".new");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite };
        using (var writer = new StreamWriter(path + ".new", options))
        {
            writer.Write(text);
        }

        File.Move(path + ".new", path, overwrite: true);
    }

    public void Dispose()
    {
        _ports?.Dispose();
        _lock.Dispose();
    }
}
