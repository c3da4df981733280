using ArtifactPlatform.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;

namespace ArtifactPlatform.Tests.Api;

/// <summary>A route as the Api maps it.</summary>
/// <param name="Pattern"><c>/api/v1/artifacts/{artifactId}</c>.</param>
/// <param name="Policies">Scopes or other policies; empty for a public one.</param>
public sealed record ApiRoute(string Method, string Pattern, bool IsPublic, IReadOnlyList<string> Policies, bool HasBody)
{
    /// <summary>The address with <paramref name="id"/> in place of each parameter.</summary>
    public string At(string id) => string.Join('/', Pattern.Split('/').Select(part => part.StartsWith('{') ? Uri.EscapeDataString(id) : part));

    /// <summary>For machine clients alone: each in its own dock.</summary>
    public bool IsMachine => Pattern.StartsWith("/api/v1/machine/", StringComparison.Ordinal);

    public override string ToString() => $"{Method} {Pattern}";
}

/// <summary>The routes, read off a host that is built but not started, so that no table of a test can forget one.</summary>
public static class ApiRoutes
{
    /// <summary>Those under <c>/api/v1</c>.</summary>
    public static IReadOnlyList<ApiRoute> All { get; } = [.. Read("/api/v1/")];

    /// <summary>What players fetch, without signing in.</summary>
    public static IReadOnlyList<ApiRoute> Playback { get; } = [.. Read("/play/")];

    /// <summary>What clients and other servers look up, without signing in.</summary>
    public static IReadOnlyList<ApiRoute> WellKnown { get; } = [.. Read("/.well-known/")];

    private static IEnumerable<ApiRoute> Read(string root)
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddApi();
        var app = builder.Build();
        app.UseApi();
        return ((IEndpointRouteBuilder)app).DataSources
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith(root, StringComparison.Ordinal) == true)
            .SelectMany(endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods.Select(method => ToRoute(method, endpoint)) ?? []);
    }

    private static ApiRoute ToRoute(string method, RouteEndpoint endpoint) => new(
        method,
        (endpoint.RoutePattern.RawText ?? "").TrimEnd('/').Replace(":int}", "}", StringComparison.Ordinal),
        endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null,
        [.. endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).OfType<string>()],
        endpoint.Metadata.GetMetadata<IAcceptsMetadata>() is not null);
}
