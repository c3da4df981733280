using System.Text.Json;
using System.Text.Json.Serialization;

namespace ArtifactPlatform.Worker.Media;

/// <summary>ffprobe's JSON, as far as it is used. Members that a file lacks are null.</summary>
public sealed record FfprobeDocument
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowReadingFromString,
    };

    public IReadOnlyList<FfprobeStream> Streams { get; init; } = [];

    public FfprobeFormat Format { get; init; } = new();

    /// <summary>Packets came encrypted.</summary>
    [JsonIgnore]
    public bool IsEncrypted { get; init; }

    /// <exception cref="JsonException">Not ffprobe's JSON.</exception>
    public static FfprobeDocument Parse(string json) => JsonSerializer.Deserialize<FfprobeDocument>(json, Json) ?? new FfprobeDocument();
}

public sealed record FfprobeFormat
{
    /// <summary>The demuxer's names, with commas.</summary>
    public string FormatName { get; init; } = "";

    /// <summary>Seconds; an estimate for many formats.</summary>
    public double? Duration { get; init; }

    /// <summary>Seconds.</summary>
    public double? StartTime { get; init; }

    public long? BitRate { get; init; }

    /// <summary>0 to 100: how sure the demuxer is that the file is its own.</summary>
    public int? ProbeScore { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

public sealed record FfprobeStream
{
    public int Index { get; init; }

    public string? CodecType { get; init; }

    public string? CodecName { get; init; }

    public string? CodecTagString { get; init; }

    public string? Profile { get; init; }

    public int? Width { get; init; }

    public int? Height { get; init; }

    public string? SampleAspectRatio { get; init; }

    public string? PixFmt { get; init; }

    public string? FieldOrder { get; init; }

    public string? ColorTransfer { get; init; }

    public string? ColorPrimaries { get; init; }

    public string? ColorSpace { get; init; }

    public string? ColorRange { get; init; }

    public string? RFrameRate { get; init; }

    public string? AvgFrameRate { get; init; }

    public string? TimeBase { get; init; }

    /// <summary>In units of <see cref="TimeBase"/>.</summary>
    public long? StartPts { get; init; }

    /// <inheritdoc cref="StartPts"/>
    public long? DurationTs { get; init; }

    /// <summary>Seconds.</summary>
    public double? StartTime { get; init; }

    /// <inheritdoc cref="StartTime"/>
    public double? Duration { get; init; }

    public long? BitRate { get; init; }

    public int? HasBFrames { get; init; }

    public string? SampleFmt { get; init; }

    public int? SampleRate { get; init; }

    public int? Channels { get; init; }

    public string? ChannelLayout { get; init; }

    public int? BitsPerSample { get; init; }

    public int? BitsPerRawSample { get; init; }

    /// <summary>Hash of the codec's set-up data, when it was asked for.</summary>
    public string? ExtradataHash { get; init; }

    public IReadOnlyDictionary<string, int> Disposition { get; init; } = new Dictionary<string, int>();

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<FfprobeSideData> SideDataList { get; init; } = [];

    [JsonIgnore]
    public bool IsPicture => Is("attached_pic") || Is("timed_thumbnails") || Is("still_image");

    [JsonIgnore]
    public bool IsVideo => CodecType == "video" && !IsPicture;

    [JsonIgnore]
    public bool IsAudio => CodecType == "audio";

    public bool Is(string disposition) => Disposition.TryGetValue(disposition, out var set) && set != 0;
}

public sealed record FfprobeSideData
{
    public string? SideDataType { get; init; }

    /// <summary>Degrees counter-clockwise.</summary>
    public double? Rotation { get; init; }

    /// <summary>Profile of Dolby Vision.</summary>
    public int? DvProfile { get; init; }
}
