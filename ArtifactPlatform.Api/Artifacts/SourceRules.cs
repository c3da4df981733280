using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Core.Artifacts;

namespace ArtifactPlatform.Api.Artifacts;

/// <summary>A source as a request names it.</summary>
/// <param name="Path">What stands before the field's name in <c>param</c>: nothing, or <c>fragments[2].</c></param>
internal sealed record SourceRequest(string Path, string? Url, string? S3Path)
{
    public string UrlParam => $"{Path}url";

    public string S3PathParam => $"{Path}s3Path";
}

/// <summary>Which sources a request may combine, and how; needs nothing but the request.</summary>
internal static class SourceRules
{
    public static BadRequestError? Check(CreateArtifactRequest request)
    {
        var given = new (string Param, bool Given)[]
        {
            ("url", request.Url is not null), ("s3Path", request.S3Path is not null), ("fragments", request.Fragments is not null),
        }.Where(s => s.Given).ToList();
        if (given.Count > 1)
        {
            return Error.SourceConflict(given[1].Param);
        }

        if (request.Fragments is not { } fragments)
        {
            return null;
        }

        return request.Type == ArtifactType.Script
            ? Error.FragmentsNotSupported()
            : fragments.Select((fragment, i) => Check(fragment, $"fragments[{i}]")).FirstOrDefault(e => e is not null);
    }

    public static IReadOnlyList<SourceRequest> SourcesOf(CreateArtifactRequest request) => request switch
    {
        { Fragments: { } fragments } => [.. fragments.Select((f, i) => new SourceRequest($"fragments[{i}].", f.Url, f.S3Path))],
        { Url: null, S3Path: null } => [],
        _ => [new SourceRequest("", request.Url, request.S3Path)],
    };

    public static ArtifactSource KindOf(CreateArtifactRequest request, IReadOnlyList<CheckedSource> sources) => request switch
    {
        { Fragments: not null } => ArtifactSource.Fragments,
        { Url: not null } => ArtifactSource.Url,
        { S3Path: not null } => sources[0].IsTempUpload ? ArtifactSource.TempUpload : ArtifactSource.S3Path,
        _ => ArtifactSource.Upload,
    };

    private static BadRequestError? Check(FragmentRequest? fragment, string param) => fragment switch
    {
        null => Error.FragmentMissing(param),
        { Url: null, S3Path: null } => Error.FragmentSourceMissing(param),
        { Url: not null, S3Path: not null } => Error.FragmentSourceConflict($"{param}.s3Path"),
        { OutPoint: { } end } when end <= (fragment.InPoint ?? 0) => Error.EmptyCut($"{param}.outPoint"),
        _ => null,
    };
}
