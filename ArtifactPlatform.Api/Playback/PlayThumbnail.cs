using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;
using ArtifactPlatform.Core.Videos;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace ArtifactPlatform.Api.Playback;

internal static class PlayThumbnail
{
    private const int DefaultWidth = 640;
    private const int MaxAttempts = 2;

    /// <summary>How long a request waits for a worker to take a frame that nobody asked for before.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<IResult> Handle(
        string playbackId,
        [Description("Seconds into the video, cut to a tenth.")] double? time,
        [Description("Pixels, 1-1920.")] int? width,
        [Description("JWT of a playback key, for `signed` ids.")] string? token,
        FindPlayback find,
        MakeThumbnail make,
        ObjectStore store,
        HttpContext context,
        CancellationToken ct)
    {
        // Numbers of a query may have commas between thousands; who writes one here means a fraction.
        if (time is < 0 or double.NaN or double.PositiveInfinity || context.Request.Query["time"].ToString().Contains(',', StringComparison.Ordinal))
        {
            return Error.Bad(Error.InvalidParameter("time", "time must be a number of seconds, 0 or more, as 1.5."));
        }

        if (width is < 1 or > 1920)
        {
            return Error.Bad(Error.InvalidParameter("width", "width must be between 1 and 1920."));
        }

        var (found, error) = await find.FindAsync(playbackId, token, PlaybackAudience.Thumbnail, ct);
        if (found is null)
        {
            return error;
        }

        if (found.Package.Video.Count == 0)
        {
            return Error.RenditionNotFound();
        }

        if (time is null && width is null && await store.HeadAsync(found.KeyOf(PackageFiles.Poster), ct) is not null)
        {
            return found.RedirectTo(context, store, PackageFiles.Poster, "image/jpeg");
        }

        // Behind the end stands the last frame, taken once for all times there.
        var seconds = Math.Min(time ?? found.Package.PosterSeconds ?? 0, found.Package.Duration);
        var frame = new ThumbnailKey(found.VideoId, found.PackageName, ThumbnailKey.RoundDown(seconds), ThumbnailKey.RoundUp(width ?? DefaultWidth));
        return await make.WaitAsync(frame, found.CompanyId, Patience, Pause, ct)
            ? ManifestResult.RedirectTo(context, store, frame.S3Key, found.UrlLifetime, "image/jpeg")
            : Error.ThumbnailLate();
    }

    /// <summary>Has a worker take a frame, unless it is there or on its way.</summary>
    internal sealed class MakeThumbnail(PlatformDb db, ObjectStore store, JobStream jobs, TimeProvider clock)
    {
        /// <returns>False when it did not come in time.</returns>
        public async Task<bool> WaitAsync(ThumbnailKey frame, string companyId, TimeSpan patience, TimeSpan pause, CancellationToken ct)
        {
            var started = clock.GetTimestamp();
            for (var asked = false; ; asked = true)
            {
                if (await store.HeadAsync(frame.S3Key, ct) is not null)
                {
                    return true;
                }

                if (!asked)
                {
                    await AskAsync(frame, companyId, ct);
                }

                if (clock.GetElapsedTime(started) > patience)
                {
                    return false;
                }

                await Task.Delay(pause, clock, ct);
            }
        }

        private async Task AskAsync(ThumbnailKey frame, string companyId, CancellationToken ct)
        {
            var job = new Job(JobKinds.Thumbnail, frame.ToString(), companyId, MaxAttempts, clock.GetUtcNow());
            db.Add(job);
            try
            {
                await db.SaveChangesAsync(ct);
                await jobs.SendAsync(job.Kind, job.Id);
            }
            catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation })
            {
                // Somebody else has asked for the same frame.
            }
        }
    }
}
