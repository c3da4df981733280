using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Client;

namespace ArtifactPlatform.Api.Playback;

/// <summary>What players fetch. Nobody signs in here: a public playback id is enough, a signed one needs a token.</summary>
internal static class PlaybackEndpoints
{
    public const string CorsPolicy = "playback";

    public static void AddPlayback(this IServiceCollection services)
    {
        services.AddSingleton<PackageCache>();
        services.AddScoped<FindPlayback>();
        services.AddScoped<PlayThumbnail.MakeThumbnail>();
        services.AddCors(cors => cors.AddPolicy(CorsPolicy, policy => policy.AllowAnyOrigin().WithMethods("GET", "HEAD").AllowAnyHeader().WithExposedHeaders("ETag", "Content-Length", "Content-Range")));
    }

    private static readonly object HeadKey = new();

    public static void MapPlayback(this IEndpointRouteBuilder app)
    {
        var play = app.MapGroup("/play/{playbackId}").WithTags("Playback").AllowAnonymous().RequireCors(CorsPolicy).DescribeCommonErrors()
            .WithMetadata(Fails(StatusCodes.Status400BadRequest), Fails(StatusCodes.Status403Forbidden), Fails(StatusCodes.Status404NotFound));
        play.MapGet("/master.m3u8", PlayHls.Master).WithName("playMaster").WithSummary("HLS master playlist").WithDescription("Counts one view.").ProducesText("application/vnd.apple.mpegurl").ProducesQuotaExceeded();
        play.MapGet("/{rung:int}.m3u8", PlayHls.Video).WithName("playVideoPlaylist").WithSummary("HLS playlist of one rung").WithDescription("Its segments are ranges of one file, at an address that lives for a few hours.").ProducesText("application/vnd.apple.mpegurl");
        play.MapGet("/audio-{track:int}.m3u8", PlayHls.Audio).WithName("playAudioPlaylist").WithSummary("HLS playlist of one sound track").WithDescription("Tracks are numbered from 0; the default is first.").ProducesText("application/vnd.apple.mpegurl");
        play.MapGet("/captions/{captionId}.m3u8", PlayHls.Captions).WithName("playCaptionPlaylist").WithSummary("HLS playlist of one caption track").WithDescription("The whole WebVTT is one segment.").ProducesText("application/vnd.apple.mpegurl");
        play.MapGet("/captions/{captionId}.vtt", PlayFiles.Caption).WithName("playCaption").WithSummary("One caption track as WebVTT").WithDescription("What a DASH manifest names. Redirects to the file.").Produces(StatusCodes.Status302Found);
        play.MapGet("/manifest.mpd", PlayDash.Handle).WithName("playDash").WithSummary("DASH manifest").WithDescription("Over the very files that HLS plays. Counts one view.").ProducesText("application/dash+xml").ProducesQuotaExceeded();
        play.MapGet("/files/{file}", PlayFiles.Track).WithName("playFile").WithSummary("One track's file").WithDescription("What a DASH manifest names. Redirects to the file, which takes range requests.").Produces(StatusCodes.Status302Found);
        play.MapGet("/{rung:int}.mp4", PlayFiles.Mp4).WithName("playMp4").WithSummary("Progressive MP4").WithDescription("Redirects to the file, which takes range requests.").Produces(StatusCodes.Status302Found);
        play.MapGet("/thumbnail.jpg", PlayThumbnail.Handle).WithName("playThumbnail").WithSummary("One frame as JPEG").WithDescription("Without `time` the poster. `time` is cut to whole seconds, `width` rounded up to 160, 320, 640, 960, 1280 or 1920. Redirects to the file.").Produces(StatusCodes.Status302Found);
        play.MapGet("/storyboard.vtt", PlayFiles.Storyboard).WithName("playStoryboard").WithSummary("Storyboard as WebVTT").WithDescription("Each cue points to a rectangle of `storyboard.jpg`.").ProducesText("text/vtt");
        play.MapGet("/storyboard.jpg", PlayFiles.StoryboardSheet).WithName("playStoryboardSheet").WithSummary("The storyboard's sheet").WithDescription("Redirects to the file.").Produces(StatusCodes.Status302Found);
        play.MapGet("/waveform.json", PlayFiles.WaveformPeaks).WithName("playWaveform").WithSummary("Loudness over time").WithDescription("Redirects to the file.").Produces(StatusCodes.Status302Found);
    }

    /// <summary>HEAD is answered as GET without a body, which the server leaves out by itself, and counts no view: CDNs and link checkers ask so.</summary>
    public static void UseHeadOfPlayback(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (HttpMethods.IsHead(context.Request.Method) && context.Request.Path.StartsWithSegments("/play", StringComparison.Ordinal))
        {
            context.Request.Method = HttpMethods.Get;
            context.Items[HeadKey] = true;
        }

        return next(context);
    });

    public static bool IsHead(this HttpContext context) => context.Items.ContainsKey(HeadKey);

    private static ProducesResponseTypeMetadata Fails(int status) => new(status, typeof(ErrorEnvelope), ["application/json"]);

    private static RouteHandlerBuilder ProducesText(this RouteHandlerBuilder route, string contentType) => route.Produces<string>(StatusCodes.Status200OK, contentType);
}
