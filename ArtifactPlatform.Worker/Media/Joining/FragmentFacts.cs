namespace ArtifactPlatform.Worker.Media;

/// <summary>What a join needs to know of one fragment, its cut applied. All times in seconds on the source's own timeline.</summary>
internal sealed record FragmentFacts
{
    public required LocalFragment Fragment { get; init; }

    public required SniffedContent Content { get; init; }

    public required FfprobeDocument Document { get; init; }

    public required MainStreams Main { get; init; }

    /// <summary>What becomes 0: the first picture that is shown, or for sound alone its first sample.</summary>
    public required double Zero { get; init; }

    /// <summary>From <see cref="Zero"/> to the end.</summary>
    public required double Duration { get; init; }

    /// <summary>Null for a join of sound alone.</summary>
    public VideoFacts? Video { get; init; }

    /// <summary>Null without sound.</summary>
    public AudioFacts? Audio { get; init; }

    /// <summary>Where ffmpeg takes the file to begin: the earliest of all its streams.</summary>
    public double FileStart => Document.Format.StartTime ?? 0;

    public string Name => $"fragments[{Fragment.Index}]";
}

/// <summary>The pictures of a fragment.</summary>
/// <param name="Unit">Seconds per step of the stream's times.</param>
/// <param name="FrameSeconds">How long a picture usually stays.</param>
/// <param name="Frames">Pictures that are shown, the cut applied.</param>
/// <param name="Cut">How the cut is made; null = the file is taken as it is.</param>
/// <param name="HasDecodingTimes">See <see cref="PacketTrack.HasDecodingTimes"/>.</param>
internal sealed record VideoFacts(Rational Unit, double FrameSeconds, int Frames, VideoCut? Cut, bool HasDecodingTimes);

/// <summary>A cut: what can be copied, and what comes before and after it and must be encoded anew. Each is null when it is empty.</summary>
internal sealed record VideoCut(TimeRange? Head, CopyRange? Copy, TimeRange? Tail);

/// <summary>Packets that can be copied.</summary>
/// <param name="From">Time of the first picture, in steps of the stream's times.</param>
/// <param name="FirstPacket">Index in decoding order.</param>
/// <param name="Packets">How many from there.</param>
internal sealed record CopyRange(long From, int FirstPacket, int Packets);

/// <summary>Pictures that must be encoded, in steps of the stream's times, half open.</summary>
/// <param name="From">First picture.</param>
/// <param name="To">First picture that is not in it any more; null = to the end.</param>
/// <param name="Frames">Pictures in it.</param>
/// <param name="SeekTo">Time of a key frame at or before <paramref name="From"/> that decoding can begin with.</param>
internal sealed record TimeRange(long From, long? To, int Frames, long SeekTo);

/// <summary>The sound of a fragment.</summary>
/// <param name="PacketSamples">Samples of each packet; null when they differ.</param>
/// <param name="PacketSeconds">Of a usual packet.</param>
/// <param name="IsRegular">Each packet begins where the one before ends, as far as the container's clock tells.</param>
/// <param name="Packets">Those near the cut's ends, or all if they are few.</param>
internal sealed record AudioFacts(int? PacketSamples, double PacketSeconds, bool IsRegular, IReadOnlyList<SoundPacket> Packets);

/// <param name="Index">From 0 over the stream in file order.</param>
/// <param name="Start">Seconds on the source's timeline.</param>
/// <param name="End">Where the next begins.</param>
internal readonly record struct SoundPacket(long Index, double Start, double End);
