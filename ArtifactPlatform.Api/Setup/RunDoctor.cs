using ArtifactPlatform.Client.Storage;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Storage.Doctor;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api -- doctor</c>: checks the configured object store, for the operator at a terminal. Needs no other store.</summary>
internal static class RunDoctor
{
    /// <returns>The process's exit code: 0 when everything passed.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken ct)
    {
        StorageReport report;
        try
        {
            report = await services.GetRequiredService<StorageDoctor>().ExamineAsync(ct);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or Microsoft.Extensions.Options.OptionsValidationException)
        {
            // The settings can't even be read; the message names the one at fault.
            await output.WriteLineAsync($"The settings are not usable: {e.Message}");
            return 1;
        }

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
