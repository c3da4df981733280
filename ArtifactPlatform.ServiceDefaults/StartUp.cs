using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.ServiceDefaults;

/// <summary>Ends a program whose settings can't be used with one line on standard error and exit code 1, in place of a stack trace.</summary>
public static class StartUp
{
    /// <summary>The binder of configuration throws when a value is not of its setting's type; the message names the setting.</summary>
    private const string BinderAssembly = "Microsoft.Extensions.Configuration.Binder";

    /// <param name="program">Builds and runs it; returns the exit code.</param>
    public static async Task<int> RunAsync(Func<Task<int>> program)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            return await program();
        }
        catch (Exception e) when (Problem(e) is { } problem)
        {
            await Console.Error.WriteLineAsync($"{AppDomain.CurrentDomain.FriendlyName} can't start: {problem}");
            return 1;
        }
    }

    /// <summary>Runs a service once its settings are checked.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunCheckedAsync(this IHost service)
    {
        ArgumentNullException.ThrowIfNull(service);
        service.CheckSettings();
        var stopping = service.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await service.RunAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // It was stopped before it had started.
        }

        return Environment.ExitCode;
    }

    /// <summary>What the host does when it starts, but before it: the host would log a stack trace.</summary>
    /// <exception cref="OptionsValidationException">Settings are invalid.</exception>
    public static void CheckSettings(this IHost service)
    {
        ArgumentNullException.ThrowIfNull(service);
        service.Services.GetService<IStartupValidator>()?.Validate();
    }

    /// <returns>Null when it is not about settings.</returns>
    internal static string? Problem(Exception exception) => exception switch
    {
        OptionsValidationException e => string.Join(' ', e.Failures.Distinct()).ReplaceLineEndings(" "),
        InvalidOperationException { Source: BinderAssembly } e => e.Message.ReplaceLineEndings(" "),
        AggregateException e when e.InnerExceptions.Select(Problem).ToList() is var problems && !problems.Contains(null) => string.Join(' ', problems),
        _ => null,
    };
}
