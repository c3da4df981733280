using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.ServiceDefaults;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Worker.Ffmpeg;

/// <summary>Runs ffmpeg and ffprobe: bounded in time, memory and output, and gone, tree and all, when it is not wanted any more.</summary>
public sealed class MediaProcess(IOptions<FfmpegOptions> options, TimeProvider time)
{
    /// <summary>How long a pipe may stay open after its process is gone.</summary>
    private static readonly TimeSpan DrainGrace = TimeSpan.FromSeconds(5);

    private static readonly ActivitySource Traces = new(ServiceDefaultsExtensions.TelemetryName);

    private static readonly Meter Metrics = new(ServiceDefaultsExtensions.TelemetryName);

    private static readonly Histogram<double> Durations = Metrics.CreateHistogram<double>("media.run.duration", "s", "Time that one run of ffmpeg or ffprobe took, by program, purpose and outcome.");

    public FfmpegOptions Options => options.Value;

    /// <exception cref="MediaProcessException">It did not end well; says how.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> was cancelled; the process is gone.</exception>
    public async Task<MediaRun> RunAsync(MediaCommand command, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(command);
        var program = command.Tool == MediaTool.Ffmpeg ? "ffmpeg" : "ffprobe";
        using var span = Traces.StartActivity(program);
        // Addresses go without their queries: those of presigned URLs are secrets.
        span?.SetTag("process.executable.name", program).SetTag("media.purpose", command.Purpose).SetTag("process.command_args", Shown(command.Arguments));
        var (started, outcome) = (time.GetTimestamp(), "ok");
        try
        {
            return await RunToEndAsync(command, span, ct);
        }
        catch (Exception e)
        {
            span?.SetStatus(ActivityStatusCode.Error, e is MediaProcessException ? e.Message : e.GetType().Name);
            outcome = e is MediaProcessException failed ? JsonNamingPolicy.SnakeCaseLower.ConvertName(failed.Failure.ToString()) : "cancelled";
            throw;
        }
        finally
        {
            Durations.Record(time.GetElapsedTime(started).TotalSeconds, new("process.executable.name", program), new("media.purpose", command.Purpose), new("media.outcome", outcome));
        }
    }

    private async Task<MediaRun> RunToEndAsync(MediaCommand command, Activity? span, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        using var limit = new CancellationTokenSource(command.TimeLimit, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        using var process = await StartAsync(command);
        var lines = new LastLines();
        using var output = new OutputSink(command);
        var pumps = Task.WhenAll(
            PumpAsync(token => FeedAsync(process, command.Input, token), stop),
            PumpAsync(token => output.DrainAsync(process.StandardOutput.BaseStream, token), stop),
            PumpAsync(token => ReadLines.FromAsync(process.StandardError.BaseStream, lines.Add, token), stop));
        try
        {
            await process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
        }

        span?.SetTag("process.exit_code", process.ExitCode);
        await SettleAsync(command, pumps, output, lines, limit.IsCancellationRequested, ct);
        return process.ExitCode == 0 ? new MediaRun(output.Text, lines.ToString()) : throw Explain(command, process.ExitCode, lines);
    }

    private async Task<Process> StartAsync(MediaCommand command)
    {
        try
        {
            return await LaunchThread.StartAsync(CommandLine.For(command, Options));
        }
        catch (Win32Exception e)
        {
            throw new MediaProcessException(command.Tool, MediaFailure.NotStarted, null, "", "could not be started", e);
        }
    }

    /// <summary>Waits for the pipes, and throws when the run was stopped rather than ended.</summary>
    private async Task SettleAsync(MediaCommand command, Task pumps, OutputSink output, LastLines lines, bool outOfTime, CancellationToken ct)
    {
        try
        {
            await pumps.WaitAsync(DrainGrace, time, CancellationToken.None);
        }
        catch (OperationCanceledException)
        {
            // Stopped; the cause follows.
        }
        catch (TimeoutException)
        {
            throw new MediaProcessException(command.Tool, MediaFailure.Killed, null, lines.ToString(), "left a pipe open after it ended");
        }

        ct.ThrowIfCancellationRequested();
        if (output.IsOverLimit)
        {
            throw new MediaProcessException(command.Tool, MediaFailure.OutputLimit, null, lines.ToString(), $"wrote more than {command.OutputLimitBytes} bytes");
        }

        if (outOfTime)
        {
            throw new MediaProcessException(command.Tool, MediaFailure.TimeLimit, null, lines.ToString(), $"took longer than {command.TimeLimit}");
        }
    }

    /// <summary>A pump that fails or has had enough ends the run: a full pipe that nobody reads would hold it for ever.</summary>
    private static async Task PumpAsync(Func<CancellationToken, Task> pump, CancellationTokenSource stop)
    {
        try
        {
            await pump(stop.Token);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
    }

    private static async Task FeedAsync(Process process, Stream? input, CancellationToken ct)
    {
        try
        {
            await using var pipe = process.StandardInput.BaseStream;
            if (input is not null)
            {
                await input.CopyToAsync(pipe, ct);
            }
        }
        catch (IOException) when (!ct.IsCancellationRequested)
        {
            // It stopped reading; its exit code says whether that was right.
        }
    }

    private static MediaProcessException Explain(MediaCommand command, int exitCode, LastLines lines)
    {
        // 128 + signal, as the runtime and a shell have it. 24 and 25: the system's own limits on time and file size.
        const int Signalled = 128;
        if (exitCode is 126 or 127)
        {
            // What nice and its kin, and a shell, answer when they can't start the program.
            return Of(MediaFailure.NotStarted, "could not be started");
        }

        return (exitCode - Signalled) switch
        {
            25 => Of(MediaFailure.OutputLimit, "wrote a larger file than allowed"),
            4 or 6 or 7 or 8 or 11 => Of(MediaFailure.Crashed, $"crashed (signal {exitCode - Signalled})"),
            // ffmpeg answers a polite signal with 255.
            1 or 2 or 9 or 15 or 255 - Signalled => Of(MediaFailure.Killed, $"was killed (exit code {exitCode})"),
            _ => Of(MediaFailure.Failed, $"ended with exit code {exitCode}"),
        };

        MediaProcessException Of(MediaFailure failure, string detail) => new(command.Tool, failure, exitCode, lines.ToString(), detail);
    }

    private static string Shown(IReadOnlyList<string> arguments)
    {
        const int MaxLength = 2000;
        var text = new StringBuilder();
        foreach (var argument in arguments)
        {
            text.Append(text.Length > 0 ? " " : "").Append(RedactUrls.In(argument));
            if (text.Length > MaxLength)
            {
                return text.ToString(0, MaxLength) + "…";
            }
        }

        return text.ToString();
    }
}
