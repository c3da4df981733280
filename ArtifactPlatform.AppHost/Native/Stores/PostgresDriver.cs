using ArtifactPlatform.NativeHosting.Data;
using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Running;

namespace ArtifactPlatform.NativeHosting.Stores;

/// <summary>A Postgres server of its own, reached over the loopback with a password.</summary>
internal sealed class PostgresDriver(PostgresServerResource postgres, EngineContext engine) : ResourceDriver(postgres, engine)
{
    private const string SystemUser = "postgres";

    /// <summary>The pools of three services and their copies, with room for a person's psql.</summary>
    private const int MostConnections = 300;

    /// <summary>Replaying the log after a crash can take minutes on a slow disk.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private string Folder => Path.Combine(Engine.Data.Root, postgres.Name);

    private string Data => Path.Combine(Folder, "data");

    /// <summary>Postgres refuses to run as root.</summary>
    private static string? User => Environment.IsPrivilegedProcess ? SystemUser : null;

    public override async Task StartAsync(CancellationToken ct)
    {
        var programs = FindProgram.PostgresFolder(MadeBy());
        if (!File.Exists(Path.Combine(Folder, "complete")))
        {
            await CreateAsync(programs, ct);
        }

        await SuperviseAsync(
            new ProcessSpec(postgres.Name, Path.Combine(programs, "postgres"), Arguments())
            {
                User = User,
                Environment = PostgresClient.CleanEnvironment,
                DeathSignal = Signal.Interrupt, // its "fast shutdown": it takes its own children along
                StopSignal = Signal.Interrupt,
                Grace = TimeSpan.FromSeconds(15),
            },
            ct);
        await WaitUntilHealthyAsync(ct);
    }

    protected override async Task WaitUntilHealthyAsync(CancellationToken ct)
    {
        await WaitUntil.TrueAsync("Postgres did not become ready", _ => Task.FromResult(SaysReady()), Limit, Engine.Time, ct);
        await new PostgresClient(postgres, Engine).QueryAsync("postgres", "SELECT 1", ct);
    }

    private List<string> Arguments()
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = $"{postgres.PrimaryEndpoint.Port}",
            ["unix_socket_directories"] = "",
            ["max_connections"] = $"{MostConnections}",
            ["logging_collector"] = "off",
            ["log_timezone"] = "UTC",
            ["timezone"] = "UTC",
        };
        return ["-D", Data, .. settings.SelectMany(setting => new[] { "-c", $"{setting.Key}={setting.Value}" })];
    }

    /// <summary>What an aborted attempt left is thrown away: nothing was ever ready with it.</summary>
    private async Task CreateAsync(string programs, CancellationToken ct)
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }

        Engine.Data.Sub(postgres.Name);
        if (User is { } user)
        {
            await RunAsync("install", ["-d", "-m", "700", "-o", user, "-g", user, Folder], user: null, ct);
        }

        var passwordFile = Path.Combine(Engine.Data.Run, "postgres-password");
        DataFolder.WritePrivate(passwordFile, await postgres.Password.GetValueAsync(ct) ?? "");
        try
        {
            await RunAsync(
                Path.Combine(programs, "initdb"),
                ["-D", Data, "-U", PostgresServerResource.UserName, "--pwfile", passwordFile, "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"],
                User,
                ct);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        await File.WriteAllTextAsync(Path.Combine(Folder, "complete"), "", ct);
    }

    private Task<string> RunAsync(string program, string[] arguments, string? user, CancellationToken ct) =>
        Engine.Commands.RunAsync(
            new ProcessSpec(Path.GetFileName(program), program, arguments) { User = user, Environment = PostgresClient.CleanEnvironment },
            TimeSpan.FromMinutes(2),
            ct);

    /// <summary>The major version whose data lies there: only the same one can read it.</summary>
    private string? MadeBy()
    {
        var file = Path.Combine(Data, "PG_VERSION");
        return File.Exists(file) ? File.ReadAllText(file).Trim() : null;
    }

    /// <summary>The eighth line of postmaster.pid, which pg_ctl goes by (Postgres, miscadmin.h: LOCK_FILE_LINE_PM_STATUS).</summary>
    private bool SaysReady()
    {
        try
        {
            var lines = File.ReadAllLines(Path.Combine(Data, "postmaster.pid"));
            return lines.Length > 7 && lines[7].Trim() == "ready" && Processes.Any(process => $"{process.Pid}" == lines[0]);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
