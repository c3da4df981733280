using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Worker.Ffmpeg;

namespace ArtifactPlatform.Worker.Media;

/// <summary>A fragment that was fetched. All times in seconds.</summary>
public sealed record LocalFragment
{
    /// <summary>Place in the request's array, from 0: messages name it.</summary>
    public required int Index { get; init; }

    public required string Path { get; init; }

    /// <summary>Asked-for place on the timeline.</summary>
    public required double StartTime { get; init; }

    /// <summary>Where to cut into the source; null = its start.</summary>
    public double? InPoint { get; init; }

    /// <summary>Where to cut out of the source; null = its end.</summary>
    public double? OutPoint { get; init; }
}

/// <summary>A fragment that is only looked at, where it is.</summary>
/// <param name="Index">Place in the request's array, from 0.</param>
/// <param name="Source">A local file, or a presigned address of the platform's own store.</param>
/// <param name="SizeBytes">Of the whole file.</param>
public sealed record FragmentSource(int Index, MediaInput Source, long SizeBytes);

/// <summary>A joined file.</summary>
/// <param name="Path">In the work folder; the caller deletes it.</param>
/// <param name="Extension">Without a dot: <c>mp4</c>, <c>wav</c>, ….</param>
/// <param name="Fragments">In the order of the joined file.</param>
public sealed record JoinResult(string Path, string Extension, IReadOnlyList<JoinedFragment> Fragments);
