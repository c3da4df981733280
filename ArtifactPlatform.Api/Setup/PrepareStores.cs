using System.CommandLine;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Health;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Api.Setup;

/// <summary><c>ArtifactPlatform.Api migrate</c>: schema, keys, bucket, demo company.</summary>
internal sealed partial class PrepareStores
{
    /// <summary>A store that starts next to this process is up by then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private PrepareStores()
    {
    }

    public static Command Command()
    {
        var command = new Command("migrate", "Prepares the stores: database schema, keys, bucket, demo company. Run it before the services start; running it again changes nothing.");
        command.SetAction((_, ct) => CommandLine.RunWithServicesAsync(app =>
        {
            app.CheckSettings();
            return RunAsync(app.Services, ct);
        }));
        return command;
    }

    /// <returns>The process's exit code.</returns>
    private static async Task<int> RunAsync(IServiceProvider services, CancellationToken ct)
    {
        var logger = services.GetRequiredService<ILogger<PrepareStores>>();
        var clock = services.GetRequiredService<TimeProvider>();
        try
        {
            await WhenUpAsync(() => services.GetRequiredService<Migrator>().MigrateAsync(ct), clock, logger, ct);
            services.GetRequiredService<SecretBox>().EnsureKey();
            await services.GetRequiredService<SigningKeys>().PublishedAsync(ct);
            await services.GetRequiredService<SeedDemo>().RunAsync(ct);
            // Asked plainly first: the S3 client's own retries, made for long outages, would sleep past the moment.
            await WhenUpAsync(() => ReachAsync(services, ct), clock, logger, ct);
            await WhenUpAsync(() => services.GetRequiredService<BucketSetup>().EnsureAsync(ct), clock, logger, ct);
            LogDone(logger);
            return 0;
        }
        catch (Exception e) when (e is not OptionsValidationException && Outage.Of(e) is null)
        {
            LogFailed(logger, e);
            return CommandLine.Failure;
        }
    }

    /// <summary>Any answer will do.</summary>
    private static async Task ReachAsync(IServiceProvider services, CancellationToken ct)
    {
        using var client = services.GetRequiredService<IHttpClientFactory>().CreateClient();
        using var response = await client.GetAsync(services.GetRequiredService<IOptions<StorageOptions>>().Value.Address.Endpoint, ct);
    }

    private static async Task WhenUpAsync(Func<Task> step, TimeProvider clock, ILogger logger, CancellationToken ct)
    {
        var started = clock.GetTimestamp();
        var said = false;
        while (true)
        {
            try
            {
                await step();
                return;
            }
            catch (Exception e) when (Outage.Of(e) is { } dependency && clock.GetElapsedTime(started) < Patience)
            {
                if (!said)
                {
                    LogWaiting(logger, dependency, e.Message);
                    said = true;
                }

                await Task.Delay(Pause, clock, ct);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "Schema, bucket and demo company are ready")]
    private static partial void LogDone(ILogger logger);

    [LoggerMessage(LogLevel.Information, "Waiting for {Dependency}: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string dependency, string reason);

    [LoggerMessage(LogLevel.Critical, "The stores could not be prepared")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
