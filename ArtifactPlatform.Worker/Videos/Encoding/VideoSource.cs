using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Videos.Encoding;

/// <summary>What one look at a source's headers told.</summary>
/// <param name="Input">Where it is.</param>
/// <param name="SizeBytes">Of the whole file.</param>
/// <param name="Container">ffmpeg's name of the format, the first where it has several: <c>mov</c> stands for MP4 too.</param>
/// <param name="Duration">Seconds; null where the header does not say, as in a browser's recording.</param>
/// <param name="Video">Null for sound alone; a cover picture is no video.</param>
/// <param name="Audio">The default first, then in the file's order.</param>
public sealed record VideoSource(MediaInput Input, long SizeBytes, string Container, double? Duration, SourceVideo? Video, IReadOnlyList<SourceAudio> Audio);

/// <summary>The main picture stream.</summary>
public sealed record SourceVideo
{
    /// <summary>Among all streams of the file.</summary>
    public required int Index { get; init; }

    /// <summary>ffmpeg's name: <c>h264</c>.</summary>
    public required string Codec { get; init; }

    /// <summary>Four letters of the container: <c>avc1</c>; may be empty.</summary>
    public required string Tag { get; init; }

    public required string Profile { get; init; }

    /// <summary>ffmpeg's name: <c>yuv420p</c>.</summary>
    public required string PixelFormat { get; init; }

    /// <summary>Pixels as stored; so is <see cref="CodedHeight"/>.</summary>
    public required int CodedWidth { get; init; }

    public required int CodedHeight { get; init; }

    /// <summary>Square pixels as shown, after the turn; so is <see cref="Height"/>.</summary>
    public required int Width { get; init; }

    public required int Height { get; init; }

    /// <summary>Degrees clockwise that a player turns it: 0, 90, 180 or 270.</summary>
    public required int Rotation { get; init; }

    /// <summary>The file tells players to turn or mirror it.</summary>
    public bool IsTurned { get; init; }

    public required bool HasSquarePixels { get; init; }

    public required bool IsInterlaced { get; init; }

    /// <summary><c>smpte2084</c> (PQ), <c>arib-std-b67</c> (HLG), <c>bt709</c> …; null when the file does not say.</summary>
    public string? ColorTransfer { get; init; }

    /// <summary>Matrix: <c>bt709</c>, <c>smpte170m</c> …; null when the file does not say.</summary>
    public string? ColorSpace { get; init; }

    /// <summary><c>bt709</c>, <c>bt2020</c> …; null when the file does not say.</summary>
    public string? ColorPrimaries { get; init; }

    /// <summary><c>tv</c> (16 to 235) or <c>pc</c> (0 to 255); null when the file does not say.</summary>
    public string? ColorRange { get; init; }

    public bool IsHdr => ColorTransfer is "smpte2084" or "arib-std-b67";

    /// <summary>Frames a second on average, as a fraction <c>30000/1001</c>; null when the file does not say.</summary>
    public string? RateFraction { get; init; }

    /// <summary>The same as a number; <see cref="DefaultFrameRate"/> when the file does not say.</summary>
    public required double FrameRate { get; init; }

    /// <summary>The time from frame to frame differs.</summary>
    public required bool IsVariableRate { get; init; }

    /// <summary>Frames a second of the grid that all frame times lie on, as a fraction; null when there is no such grid or it is a mere clock.</summary>
    public string? GridFraction { get; init; }

    /// <summary>Seconds from the file's start to the first frame.</summary>
    public required double Start { get; init; }

    /// <summary>Seconds; null when the header does not say.</summary>
    public double? Duration { get; init; }

    /// <summary>Bits a second; null when the header does not say.</summary>
    public long? BitRate { get; init; }

    /// <summary>Of Dolby Vision; null when it is none.</summary>
    public int? DolbyProfile { get; init; }

    /// <summary>Frames a second.</summary>
    public const double DefaultFrameRate = 30;
}

/// <param name="Index">Among all streams of the file.</param>
/// <param name="Codec">ffmpeg's name: <c>aac</c>.</param>
/// <param name="Profile"><c>LC</c> for the common AAC.</param>
/// <param name="SampleRate">Hertz.</param>
/// <param name="Language">As the file has it, mostly ISO 639-2; null when it does not say.</param>
/// <param name="Title">As the file has it; null when it does not say.</param>
/// <param name="Start">Seconds from the file's start to the first sample; a coder's priming counts below 0.</param>
/// <param name="Cut">Seconds that an edit list leaves out before the first piece and between pieces; a coder's priming counts too.</param>
public sealed record SourceAudio(int Index, string Codec, string Profile, int Channels, int SampleRate, string? Language, string? Title, bool IsDefault, double Start, double Cut);
