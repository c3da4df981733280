using System.CommandLine;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Core;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api rotate-signing-key</c>: publishes a new key for access tokens. It signs once every copy of the key set knows it.</summary>
internal static class RotateSigningKey
{
    public static Command Command()
    {
        var command = new Command("rotate-signing-key", "Publishes a new key for access tokens. The previous one stays published until its last token has expired.");
        command.SetAction((_, ct) => CommandLine.RunWithServicesAsync(app => RunAsync(app.Services, Console.Out, ct)));
        return command;
    }

    private static async Task<int> RunAsync(IServiceProvider services, TextWriter output, CancellationToken ct)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        configuration.RequireDatabase();
        configuration.RequireMasterKey();
        var key = await services.GetRequiredService<SigningKeys>().RotateAsync(ct);
        await output.WriteLineAsync($"Signing key {key.Id} is published and signs from {key.SignsFrom:O} on. The previous one stays published until its last token has expired.");
        return 0;
    }
}
