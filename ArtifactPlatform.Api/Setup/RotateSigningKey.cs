using ArtifactPlatform.Api.Auth;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api -- rotate-signing-key</c>: publishes a new key for access tokens. It signs once every copy of the key set knows it.</summary>
internal sealed partial class RotateSigningKey
{
    private RotateSigningKey()
    {
    }

    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(IServiceProvider services, CancellationToken ct)
    {
        var logger = services.GetRequiredService<ILogger<RotateSigningKey>>();
        try
        {
            var key = await services.GetRequiredService<SigningKeys>().RotateAsync(ct);
            LogDone(logger, key.Id, key.SignsFrom);
            return 0;
        }
        catch (Exception e)
        {
            LogFailed(logger, e);
            return 1;
        }
    }

    [LoggerMessage(LogLevel.Information, "Signing key {SigningKeyId} is published and signs from {SignsFrom:O} on; the one before it stays published until its last token has ended")]
    private static partial void LogDone(ILogger logger, string signingKeyId, DateTimeOffset signsFrom);

    [LoggerMessage(LogLevel.Critical, "The signing key could not be rotated")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
