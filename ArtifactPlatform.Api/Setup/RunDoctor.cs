using System.CommandLine;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage.Doctor;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api doctor</c>: checks the configured object store, for the operator at a terminal. Needs no other store.</summary>
internal static class RunDoctor
{
    public static Command Command()
    {
        var command = new Command("doctor", "Checks the object store: tries everything that the platform needs of it, and says what to change. Needs no other store.");
        command.SetAction((_, ct) => CommandLine.RunWithServicesAsync(app => RunAsync(app.Services, Console.Out, ct)));
        return command;
    }

    /// <returns>The process's exit code: 0 when everything passed.</returns>
    private static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken ct)
    {
        var report = await services.GetRequiredService<StorageDoctor>().ExamineAsync(ct);
        await output.WriteLineAsync($"Bucket {report.Bucket} at {report.Endpoint}, for browsers at {report.PublicEndpoint}");
        foreach (var check in report.Checks)
        {
            await output.WriteLineAsync($"{check.Status.Word(),-8} {check.Name,-17} {check.Detail}");
            if (check.Advice is { } advice)
            {
                await output.WriteLineAsync($"{"",-26} → {advice}");
            }
        }

        await output.WriteLineAsync(report.Ok ? "The store does all that the platform needs." : "The store needs attention: see the arrows above.");
        return report.Ok ? 0 : 1;
    }
}
