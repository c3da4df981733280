using System.CommandLine;
using System.CommandLine.Invocation;
using ArtifactPlatform.Core.Health;
using ArtifactPlatform.ServiceDefaults;

namespace ArtifactPlatform.Api.Setup;

/// <summary>The program's command line. Without arguments it runs the server; a subcommand does one thing and ends. Settings come from the environment and appsettings.json.</summary>
internal static class CommandLine
{
    /// <summary>An argument is not understood, a setting is missing, or the work failed.</summary>
    public const int Failure = 1;

    /// <param name="serve">Runs the server until it is stopped; returns the exit code. Called only when there is no argument at all: neither a typing error nor a stray <c>--</c> starts a server.</param>
    /// <returns>The exit code.</returns>
    public static Task<int> RunAsync(string[] arguments, Func<Task<int>> serve, TextWriter output, TextWriter error)
    {
        if (arguments.Length == 0)
        {
            return serve();
        }

        var parsed = Parse(arguments);
        if (parsed.Action is ParseErrorAction refusal)
        {
            refusal.ShowTypoCorrections = false;
        }

        return parsed.InvokeAsync(new InvocationConfiguration
        {
            // Usage that nobody asked for does not belong among a command's results.
            Output = parsed.Errors.Count > 0 ? error : output,
            Error = error,
            // Signals are the server's own to handle, and its shutdown takes longer.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        });
    }

    internal static ParseResult Parse(string[] arguments)
    {
        var root = new RootCommand("Runs the Api, or with a command does one thing and ends. Settings come from the environment and appsettings.json.")
        {
            PrepareStores.Command(), RunDoctor.Command(), SetQuota.Command(), RotateSigningKey.Command(),
        };
        // [suggest] and the like are for shells, not for operators.
        root.Directives.Clear();
        // No response files: an argument that begins with @ is an argument.
        return root.Parse(arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    /// <summary>Runs one command with the Api's services, without starting the server.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> RunWithServicesAsync(Func<WebApplication, Task<int>> command) => StartUp.RunAsync(async () =>
    {
        // A statement that fails is reported once, as the command's result.
        await using var app = ApiHost.Build(builder => builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None));
        try
        {
            return await command(app);
        }
        catch (Exception e) when (Outage.Of(e) is { } dependency)
        {
            // Entity Framework wraps what happened in an exception that advises retries.
            var cause = e is InvalidOperationException { InnerException: { } inner } ? inner : e;
            await Console.Error.WriteLineAsync($"{dependency} does not answer: {cause.Message.ReplaceLineEndings(" ")}");
            return Failure;
        }
    });
}
