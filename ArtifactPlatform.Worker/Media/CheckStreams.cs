using ArtifactPlatform.Client.Artifacts;

namespace ArtifactPlatform.Worker.Media;

/// <summary>Whether a readable file is what it should be.</summary>
internal static class CheckStreams
{
    /// <summary>A film has a picture, a dozen languages of sound and two dozen of subtitles.</summary>
    public const int MaxStreams = 64;

    /// <summary>Common Encryption (ISO/IEC 23001-7 §4.2), Apple's FairPlay, Adobe's and OMA's.</summary>
    private static readonly string[] EncryptedTags = ["encv", "enca", "enct", "drmi", "drms", "drmt", "aavd"];

    /// <returns>Null when all is well.</returns>
    public static MediaRejectedException? Verdict(FfprobeDocument document, ArtifactType type)
    {
        if (document.Streams.Count > MaxStreams)
        {
            return new(RejectionCodes.TooManyStreams, $"The file has {document.Streams.Count} streams; at most {MaxStreams} are supported. Remove the ones that are not needed.");
        }

        if (document.IsEncrypted || document.Streams.Any(IsEncrypted))
        {
            return new(RejectionCodes.EncryptedMedia, "The file is copy-protected (encrypted), so it can't be processed. Upload an unprotected version.");
        }

        var main = MainStreams.Of(document);
        return type switch
        {
            ArtifactType.Video when main.Video is null && main.Audio is null => new(RejectionCodes.NotMedia, "The file holds neither video nor audio."),
            ArtifactType.Video when main.Video is null => new(RejectionCodes.NoVideoStream, "The file holds only audio. Create it with type audio, or upload a file with a picture."),
            ArtifactType.Video when main.Video.CodecName is null or "none" or "unknown" => Unknown("video", main.Video),
            ArtifactType.Audio when main.Audio is null => new(RejectionCodes.NoAudioStream, "The file holds no audio stream. Upload a file with sound."),
            ArtifactType.Audio when main.Audio.CodecName is null or "none" or "unknown" => Unknown("audio", main.Audio),
            _ => null,
        };
    }

    private static MediaRejectedException Unknown(string kind, FfprobeStream stream) =>
        new(RejectionCodes.MediaUnreadable, $"The file's {kind} is in a format that is not known here ({stream.CodecTagString ?? "no tag"}). Convert it to a common one, such as H.264 or AAC.");

    private static bool IsEncrypted(FfprobeStream stream) =>
        EncryptedTags.Contains(stream.CodecTagString) || stream.Tags.Keys.Any(key => key.Equals("enc_key_id", StringComparison.OrdinalIgnoreCase));
}
