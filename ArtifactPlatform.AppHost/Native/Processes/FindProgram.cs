namespace ArtifactPlatform.NativeHosting.Processes;

internal static class FindProgram
{
    // Daemons live in sbin, which a user's PATH need not name.
    private static readonly string[] AlsoLookedIn = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    private const string DebianPostgres = "/usr/lib/postgresql";

    public static string? OnPath(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(AlsoLookedIn)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);

    /// <exception cref="CannotStartException">It is missing.</exception>
    public static string Required(string name, string package) =>
        OnPath(name) ?? throw new CannotStartException($"{name} is missing; install the Debian package {package}");

    /// <summary>Debian keeps each Postgres version's programs in a folder of its own, off the PATH.</summary>
    /// <param name="version">The major version that is needed; null for the newest.</param>
    public static string PostgresFolder(string? version)
    {
        var folders = (Directory.Exists(DebianPostgres) ? Directory.GetDirectories(DebianPostgres) : [])
            .Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")))
            .Where(folder => version is null || Path.GetFileName(folder) == version)
            .ToArray();
        if (folders.MaxBy(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0) is { } best)
        {
            return Path.Combine(best, "bin");
        }

        // Elsewhere they are on the PATH, in one version.
        return Path.GetDirectoryName(Required("initdb", version is null ? "postgresql" : $"postgresql-{version}")) ?? "/";
    }
}
