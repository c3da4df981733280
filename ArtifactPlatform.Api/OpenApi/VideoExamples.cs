using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Uploads;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Core.ApiKeys;
using static ArtifactPlatform.Api.OpenApi.Examples;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The examples of the routes for uploads, videos and playback.</summary>
internal static class VideoExamples
{
    public static Dictionary<string, Example> All()
    {
        var (noUpload, noVideo, noPlaybackId) = (Error.UploadNotFound().Failure, Error.VideoNotFound().Failure, Error.PlaybackIdNotFound().Failure);
        var ended = Error.UploadEnded(UploadStatus.Aborted).Failure;
        var scope = Error.ScopeMissing(Scopes.VideosWrite);
        var redirect = None.Fails(noPlaybackId, Error.PlaybackForbidden("The token has expired.").Failure);
        Example Text(string text) => redirect.Answers(("text", text));
        return new Dictionary<string, Example>
        {
            ["createUpload"] = None.Asks(("film", VideoSamples.ForUpload)).Answers(("multipart", VideoSamples.NewUpload)).Fails(Error.InvalidParameter("mime_type", "The field mime_type must be a video or audio type, like video/mp4."), Error.FileTooLarge().Failure, scope),
            ["getUpload"] = None.Answers(("resumable", VideoSamples.ResumedUpload)).Fails(noUpload, Error.ScopeMissing(Scopes.VideosRead)),
            ["signUploadParts"] = None.Asks(("parts", VideoSamples.SignParts)).Answers(("parts", VideoSamples.SignedParts)).Fails(noUpload, ended, scope),
            ["finalizeUpload"] = None.Asks(("done", VideoSamples.Finalize)).Answers(("video", VideoSamples.Preparing)).Fails(Error.PartMissing(2).Failure, noUpload, ended, scope),
            ["abortUpload"] = None.Fails(noUpload, Error.UploadEnded(UploadStatus.Completed).Failure, scope),
            ["listVideos"] = None.Answers(("page", new VideoPage([VideoSamples.Ready], VideoSamples.Ready.Id))).Fails(Error.InvalidCursor("cursor").Failure, Error.ScopeMissing(Scopes.VideosRead)),
            ["getVideo"] = None.Answers(("ready", VideoSamples.Ready)).Fails(noVideo, Error.ScopeMissing(Scopes.VideosRead)),
            ["createVideo"] = None.Asks(("url", VideoSamples.FromUrl), ("artifact", VideoSamples.FromArtifact)).Answers(("video", VideoSamples.Preparing)).Fails(Error.VideoSourceMissing().Failure, scope),
            ["patchVideo"] = None.Asks(("rename", VideoSamples.Patch)).Answers(("video", VideoSamples.Ready with { Title = "My film (final)" })).Fails(noVideo, scope),
            ["deleteVideo"] = None.Fails(noVideo, scope),
            ["reprocessVideo"] = None.Answers(("begun", VideoSamples.Ready with { Status = VideoStatus.Reprocessing, Progress = 0 })).Fails(noVideo, Error.VideoBusy().Failure, scope),
            ["createPlaybackId"] = None.Asks(("public", VideoSamples.NewPlaybackId)).Answers(("id", VideoSamples.PlaybackId)).Fails(noVideo, Error.TooMany("playback ids", 20).Failure, scope),
            ["deletePlaybackId"] = None.Fails(noPlaybackId, scope),
            ["createCaption"] = None.Asks(("srt", VideoSamples.NewCaption)).Answers(("track", VideoSamples.Caption)).Fails(Error.CaptionSourceMissing().Failure, noVideo, Error.TooMany("caption tracks", 20).Failure, scope),
            ["deleteCaption"] = None.Fails(Error.CaptionNotFound().Failure, scope),
            ["createPlaybackKey"] = None.Answers(("key", VideoSamples.NewPlaybackKey)).Fails(Error.TooManyPlaybackKeys(20).Failure, scope),
            ["listPlaybackKeys"] = None.Answers(("keys", new PlaybackKeyList([VideoSamples.PlaybackKey]))).Fails(Error.ScopeMissing(Scopes.VideosRead)),
            ["deletePlaybackKey"] = None.Fails(Error.PlaybackKeyNotFound().Failure, scope),
            ["playMaster"] = Text(VideoSamples.Master),
            ["playVideoPlaylist"] = Text(VideoSamples.Media),
            ["playAudioPlaylist"] = Text(VideoSamples.Media),
            ["playCaptionPlaylist"] = Text(VideoSamples.CaptionPlaylist),
            ["playDash"] = Text(VideoSamples.Mpd),
            ["playStoryboard"] = Text(VideoSamples.StoryboardVtt),
            ["playMp4"] = redirect,
            ["playFile"] = redirect,
            ["playThumbnail"] = redirect.Fails(noPlaybackId, Error.PlaybackForbidden("The token has expired.").Failure, Error.InvalidParameter("width", "width must be between 1 and 1920.")),
            ["playStoryboardSheet"] = redirect,
            ["playWaveform"] = redirect,
            ["playCaption"] = redirect,
        };
    }
}
