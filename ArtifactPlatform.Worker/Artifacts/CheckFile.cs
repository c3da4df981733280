using ArtifactPlatform.Worker.Queue;
using System.Security.Cryptography;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Worker.Media;

namespace ArtifactPlatform.Worker.Artifacts;

/// <summary>What is known of a file once it is checked.</summary>
/// <param name="Sha256">64 hex digits over the stored bytes.</param>
/// <param name="ContentType">MIME type, from the content.</param>
/// <param name="DurationSeconds">Null for scripts.</param>
/// <param name="Media">Null for scripts.</param>
public sealed record FileFacts(string Sha256, string ContentType, double? DurationSeconds, MediaInfo? Media);

/// <summary>Makes sure that a stored file is what its artifact says, and learns its facts. Probe and hash read side by side.</summary>
public sealed class CheckFile(ObjectStore store, MediaProbe probe)
{
    /// <summary>Longer than any one run of ffprobe or ffmpeg may take.</summary>
    private static readonly TimeSpan ReadUrlLifetime = TimeSpan.FromHours(6);

    private const int ReadBufferBytes = 1 << 20;

    /// <exception cref="MediaRejectedException">The file is not what it should be.</exception>
    public async Task<FileFacts> RunAsync(Artifact artifact, FetchedFile file, JobProgress progress, CancellationToken ct)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var from = file.Sha256 is null ? IngestSteps.Copied : IngestSteps.Fetched;
        var hashing = file.Sha256 is { } known
            ? Task.FromResult(known)
            : HashAsync(artifact.S3Key, bytes => progress.Report(from, IngestSteps.Checked, bytes, file.SizeBytes), failed.Token);
        var checking = artifact.Type == ArtifactType.Script ? CheckTextAsync(artifact, failed.Token) : ProbeAsync(artifact, file, failed.Token);
        try
        {
            var facts = await checking;
            return facts with { Sha256 = await hashing };
        }
        catch (Exception e)
        {
            // The verdict is what counts; let the reader that it makes needless end first.
            await failed.CancelAsync();
            await hashing.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (e is MediaRejectedException { Code: RejectionCodes.HtmlPage } && artifact.Source == ArtifactSource.Url)
            {
                throw new MediaRejectedException(RejectionCodes.HtmlPage, "The address answered with a web page (HTML) rather than the file. Check that the link leads to the file itself and needs no sign-in.", cause: e);
            }

            throw;
        }
    }

    private async Task<FileFacts> ProbeAsync(Artifact artifact, FetchedFile file, CancellationToken ct)
    {
        var url = new Uri(store.PresignInternalGet(artifact.S3Key, ReadUrlLifetime));
        var found = await probe.ProbeAsync(ProbeInput.FromUrl(url, file.SizeBytes), artifact.Type, ct);
        return new FileFacts("", found.ContentType, found.DurationSeconds, found.Media);
    }

    private async Task<FileFacts> CheckTextAsync(Artifact artifact, CancellationToken ct)
    {
        await using var text = await store.OpenReadAsync(artifact.S3Key, etag: null, ct);
        return new FileFacts("", await TextCheck.CheckAsync(text, artifact.FileName, ct), null, null);
    }

    private async Task<string> HashAsync(string key, Action<long> progress, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var bytes = await store.OpenReadAsync(key, etag: null, ct);
        var buffer = new byte[ReadBufferBytes];
        long total = 0;
        for (int read; (read = await bytes.ReadAsync(buffer, ct)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            progress(total += read);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
