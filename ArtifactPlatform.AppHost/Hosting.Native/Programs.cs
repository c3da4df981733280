namespace ArtifactPlatform.AppHost.Hosting.Native;

/// <summary>Finds the programs of Debian's packages.</summary>
internal static class Programs
{
    private const string DebianPostgres = "/usr/lib/postgresql";

    /// <summary>Daemons are in sbin, which a user's PATH need not name.</summary>
    public static string? OnPath(string name) => $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin"
        .Split(':', StringSplitOptions.RemoveEmptyEntries).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <exception cref="CannotStartException">It is missing.</exception>
    public static string Required(string name, string package) =>
        OnPath(name) ?? throw new CannotStartException($"{name} is missing; install the Debian package {package}");

    /// <summary>Debian keeps the programs of each Postgres version in a folder of its own, off the PATH.</summary>
    /// <param name="version">The major version that is needed; null for the newest.</param>
    public static string PostgresFolder(string? version) =>
        (Directory.Exists(DebianPostgres) ? Directory.GetDirectories(DebianPostgres) : [])
            .Where(folder => File.Exists(Path.Combine(folder, "bin", "initdb")) && (version is null || Path.GetFileName(folder) == version))
            .OrderByDescending(folder => int.TryParse(Path.GetFileName(folder), out var number) ? number : 0)
            .Select(folder => Path.Combine(folder, "bin"))
            .FirstOrDefault() ?? Path.GetDirectoryName(Required("initdb", version is null ? "postgresql" : $"postgresql-{version}")) ?? "/";
}
