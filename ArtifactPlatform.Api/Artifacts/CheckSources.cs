using System.Net;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Network;
using ArtifactPlatform.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Artifacts;

/// <summary>A source that the caller may use: a URL, or a bucket and key.</summary>
internal sealed record CheckedSource(string? Url, string Bucket, string Key, bool IsTempUpload);

/// <summary>Whether the caller may use a source. Whether it can be reached shows when the worker connects.</summary>
internal sealed class CheckSources(PlatformDb db, AddressGuard guard, ObjectStore store, TimeProvider clock)
{
    /// <returns>The sources in their order, or what is wrong with the first bad one.</returns>
    public async Task<(IReadOnlyList<CheckedSource> Sources, BadRequestError? Error)> CheckAsync(Caller caller, IReadOnlyList<SourceRequest> requests, CancellationToken ct)
    {
        var sources = new List<CheckedSource>();
        foreach (var request in requests)
        {
            var (source, error) = request.Url is { } url ? CheckUrl(url, request.UrlParam) : ReadS3Path(request.S3Path ?? "", request.S3PathParam);
            if (error is not null || source is null)
            {
                return ([], error);
            }

            sources.Add(source);
        }

        return (sources, await CheckRightsAsync(caller, requests, sources, ct));
    }

    private (CheckedSource? Source, BadRequestError? Error) CheckUrl(string url, string param) => UrlRules.Check(url, guard) switch
    {
        UrlVerdict.Good => (new CheckedSource(url, "", "", IsTempUpload: false), null),
        UrlVerdict.Forbidden => (null, Error.ForbiddenAddress(param)),
        _ => (null, Error.InvalidUrl(param)),
    };

    private (CheckedSource? Source, BadRequestError? Error) ReadS3Path(string path, string param)
    {
        if (S3Path.Parse(path) is not var (bucket, key))
        {
            return (null, Error.InvalidS3Path(param));
        }

        if (bucket != store.Bucket)
        {
            return (new CheckedSource(Url: null, bucket, key, IsTempUpload: false), null);
        }

        return key.StartsWith(ObjectKeys.TempRoot, StringComparison.Ordinal)
            ? (new CheckedSource(Url: null, bucket, key, IsTempUpload: true), null)
            : (null, Error.S3PathForbidden(param));
    }

    /// <summary>Temporary uploads must be the company's own and not expired; other buckets need credentials on the calling key.</summary>
    private async Task<BadRequestError?> CheckRightsAsync(Caller caller, IReadOnlyList<SourceRequest> requests, IReadOnlyList<CheckedSource> sources, CancellationToken ct)
    {
        var keys = sources.Where(s => s.IsTempUpload).Select(s => s.Key).Distinct().ToList();
        var now = clock.GetUtcNow();
        HashSet<string> own = keys.Count == 0
            ? []
            : await db.TempUploads.Where(t => t.CompanyId == caller.CompanyId && keys.Contains(t.S3Key) && t.ExpiresAt > now).Select(t => t.S3Key).ToHashSetAsync(ct);
        var needsCredentials = sources.Any(s => s is { Url: null, IsTempUpload: false });
        var hasCredentials = needsCredentials && await db.S3Credentials.AnyAsync(c => c.ApiKeyId == caller.ApiKeyId && c.CompanyId == caller.CompanyId, ct);
        return requests.Zip(sources, (request, source) => source switch
        {
            { Url: not null } => null,
            { IsTempUpload: true } => own.Contains(source.Key) ? null : Error.S3PathNotFound(request.S3PathParam),
            _ => hasCredentials ? null : Error.S3CredentialsRequired(request.S3PathParam),
        }).FirstOrDefault(e => e is not null);
    }
}
