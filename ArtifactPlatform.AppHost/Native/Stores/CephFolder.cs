using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ArtifactPlatform.NativeHosting.Data;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>Finds paths that Ceph can live with, whatever the data folder is called.</summary>
internal static partial class CephFolder
{
    /// <summary>107 characters, less the longest name in it.</summary>
    private const int LongestFolder = 107 - 30;

    public static CephPaths For(string folder)
    {
        if (folder.Length <= LongestFolder && Plain().IsMatch(folder))
        {
            return new CephPaths(folder, Directory.CreateDirectory(Path.Combine(folder, "run")).FullName);
        }

        // A short way in: a folder of our own with a link to the long one.
        var detour = Detour(folder);
        TakeForOurselves(detour);
        var link = Path.Combine(detour, "data");
        File.Delete(link);
        File.CreateSymbolicLink(link, folder);
        return new CephPaths(link, detour);
    }

    /// <summary>Takes the detour away, where there is one.</summary>
    public static void Leave(CephPaths paths)
    {
        if (new DirectoryInfo(paths.Folder).LinkTarget is not null)
        {
            Directory.Delete(paths.Sockets, recursive: true);
        }
    }

    private static string Detour(string folder) =>
        MachineFolder.Of(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..16]);

    /// <summary>Anyone may make folders in /tmp: one that others can enter, or that is theirs, is not used.</summary>
    private static void TakeForOurselves(string folder)
    {
        const UnixFileMode ownerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Directory.CreateDirectory(folder, ownerOnly);
        try
        {
            File.SetUnixFileMode(folder, ownerOnly); // only its owner may
        }
        catch (UnauthorizedAccessException e)
        {
            throw new CannotStartException($"{folder} belongs to somebody else; remove it, or set DATA_DIR to a short path without spaces", e);
        }
    }

    [GeneratedRegex("^[A-Za-z0-9/._-]+$")]
    private static partial Regex Plain();
}
