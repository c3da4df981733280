using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Web.Layout;
using ArtifactPlatform.Web.Platform;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace ArtifactPlatform.Web.Artifacts;

/// <summary>
/// The uploads of one browser tab: a few at a time, each from the browser straight to the object store. They go on while the user
/// moves between pages. All members run on the circuit's own thread.
/// </summary>
public sealed class UploadQueue(PlatformSession session, IJSRuntime browser, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>More would share the same line and each take longer.</summary>
    private const int MaxAtOnce = 3;

    /// <summary>A URL with less life left than this is not started with.</summary>
    private static readonly TimeSpan LeastLife = TimeSpan.FromMinutes(2);

    private readonly List<Upload> uploads = [];
    private readonly CancellationTokenSource gone = new();
    private DotNetObjectReference<UploadQueue>? self;
    private IJSObjectReference? module;

    public event Action? Changed;

    public IReadOnlyList<Upload> Uploads => uploads;

    /// <summary>The script that holds the files.</summary>
    /// <param name="path">Its address; only components know the fingerprinted one.</param>
    public async Task<IJSObjectReference> GetModuleAsync(string path) => module ??= await browser.InvokeAsync<IJSObjectReference>("import", $"./{path}");

    public async Task AddAsync(IEnumerable<Upload> more)
    {
        uploads.AddRange(more);
        await PumpAsync();
    }

    public async Task RetryAsync(Upload upload)
    {
        (upload.State, upload.SentBytes, upload.Problem) = (UploadState.Waiting, 0, null);
        await PumpAsync();
    }

    /// <summary>Breaks an upload off, or puts a finished one away. What was never sent leaves no artifact behind.</summary>
    public async Task RemoveAsync(Upload upload)
    {
        uploads.Remove(upload);
        if (module is not null)
        {
            await module.InvokeVoidAsync("cancel", upload.File.Id);
            await module.InvokeVoidAsync("forget", (object)new[] { upload.File.Id });
        }

        if (upload is { State: UploadState.Sending or UploadState.Failed, Target.ArtifactId: { } artifactId })
        {
            await TryDeleteAsync(artifactId);
        }

        await PumpAsync();
    }

    public void RemoveDone()
    {
        uploads.RemoveAll(upload => upload.State == UploadState.Done);
        Changed?.Invoke();
    }

    [JSInvokable]
    public void Progress(int id, long sentBytes)
    {
        if (Find(id) is { } upload)
        {
            upload.SentBytes = sentBytes;
            Changed?.Invoke();
        }
    }

    [JSInvokable]
    public async Task Sent(int id)
    {
        if (Find(id) is not { Target: { } target } upload)
        {
            return;
        }

        (upload.State, upload.SentBytes) = (UploadState.Finishing, upload.File.Size);
        await PumpAsync();
        try
        {
            await session.CallAsync(client => client.CompleteArtifactAsync(target.ArtifactId, gone.Token), gone.Token);
        }
        catch (PlatformProblemException)
        {
            // It only hurries things: the platform notices the file by itself.
        }

        upload.State = UploadState.Done;
        await PumpAsync();
    }

    /// <param name="id">The file.</param>
    /// <param name="status">The store's answer; 0 when none came.</param>
    [JSInvokable]
    public Task Failed(int id, int status) => Find(id) is { } upload
        ? FailAsync(upload, status switch
        {
            0 => "The connection to the file store broke.",
            403 => "The file store refused the upload: its permission may have run out.",
            413 => "The file store refused the file: it is too large.",
            _ => $"The file store answered with an error ({status}).",
        })
        : Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await gone.CancelAsync();
        self?.Dispose();
        await module.ReleaseAsync();
    }

    private async Task PumpAsync()
    {
        foreach (var upload in uploads.Where(u => u.State == UploadState.Waiting).Take(Math.Max(0, MaxAtOnce - uploads.Count(u => u.State == UploadState.Sending))).ToList())
        {
            upload.State = UploadState.Sending;
            Changed?.Invoke();
            await StartAsync(upload);
        }

        Changed?.Invoke();
    }

    private async Task StartAsync(Upload upload)
    {
        try
        {
            if (upload.Target is { } old && old.ExpiresAt - clock.GetUtcNow() < LeastLife)
            {
                upload.Target = null;
                await TryDeleteAsync(old.ArtifactId);
            }

            upload.Target ??= await session.CallAsync(
                client => client.CreateUploadAsync(new CreateArtifactRequest { Name = upload.File.Name, Type = upload.Type }, gone.Token), gone.Token);
        }
        catch (PlatformProblemException e)
        {
            await FailAsync(upload, e.Message);
            return;
        }

        if (!uploads.Contains(upload))
        {
            // Cancelled in between.
            await TryDeleteAsync(upload.Target.ArtifactId);
            return;
        }

        if (module is not null)
        {
            await module.InvokeVoidAsync("send", upload.File.Id, upload.Target.PresignedUploadUrl, self ??= DotNetObjectReference.Create(this));
        }
    }

    private async Task FailAsync(Upload upload, string problem)
    {
        (upload.State, upload.Problem) = (UploadState.Failed, problem);
        await PumpAsync();
    }

    private async Task TryDeleteAsync(string artifactId)
    {
        try
        {
            await session.CallAsync(client => client.DeleteArtifactAsync(artifactId, gone.Token), gone.Token);
        }
        catch (PlatformProblemException)
        {
            // It shows in the list, where it can be deleted.
        }
    }

    private Upload? Find(int id) => uploads.Find(upload => upload.File.Id == id);
}
