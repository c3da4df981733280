using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Tests.Api;

namespace ArtifactPlatform.Tests.Unit.Auth;

/// <summary>The policy of every route that the Api maps.</summary>
public sealed class RoutePolicyTests
{
    /// <summary>The policies of each path. A route under another path needs a line here.</summary>
    private static readonly (string Path, string Reads, string Writes)[] Table =
    [
        ("/artifacts", Scopes.ArtifactsRead, Scopes.ArtifactsWrite),
        ("/events", "events:see", Scopes.ArtifactsWrite),
        ("/uploads", Scopes.VideosRead, Scopes.VideosWrite),
        ("/videos", Scopes.VideosRead, Scopes.VideosWrite),
        ("/playback-keys", Scopes.VideosRead, Scopes.VideosWrite),
        ("/api-keys", Scopes.Admin, Scopes.Admin),
        ("/audit-log", Scopes.Admin, Scopes.Admin),
        ("/users/me", Session, Session),
        ("/users", Scopes.Admin, Scopes.Admin),
        ("/invitations", Scopes.Admin, Scopes.Admin),
        ("/sessions", Session, Session),
        ("/settings/retention", Scopes.ArtifactsRead, Scopes.Admin),
        ("/storage", Scopes.Admin, Scopes.Admin),
        ("/webhook-endpoints", Scopes.Admin, Scopes.Admin),
        ("/usage", Scopes.ArtifactsRead, Scopes.ArtifactsRead),
        ("/docks/{dockId}/artifacts", Scopes.ArtifactsRead, Scopes.ArtifactsWrite),
        ("/docks/{dockId}/uploads", Scopes.ArtifactsRead, Scopes.ArtifactsWrite),
        ("/docks/{dockId}/clients", Scopes.Admin, Scopes.Admin),
        ("/docks", "docks:see", Scopes.Admin),
        ("/machine/docks", "machine:artifacts:read", "machine:artifacts:write"),
    ];

    /// <summary>A GET that writes: it creates a place to upload to.</summary>
    private const string PlaceForFile = "GET /api/v1/artifacts/create";

    private const string Session = "session";

    [Fact]
    public void Every_route_names_a_policy_or_says_that_it_is_public()
    {
        Assert.NotEmpty(ApiRoutes.All);
        Assert.DoesNotContain(ApiRoutes.All, route => !route.IsPublic && route.Policies.Count == 0);
        Assert.Equal(
            ["POST /api/v1/invitations/accept", "POST /api/v1/invitations/lookup", "POST /api/v1/oauth/token", "POST /api/v1/sessions", "POST /api/v1/sessions/oidc"],
            ApiRoutes.All.Where(route => route.IsPublic).Select(route => route.ToString()).Order());
    }

    [Fact]
    public void Every_route_is_for_those_that_the_table_says()
    {
        var wrong =
            from route in ApiRoutes.All
            where !route.IsPublic
            let expected = Expected(route)
            where !route.Policies.Contains(expected)
            select $"{route} is for {string.Join(", ", route.Policies)}, not {expected}";

        Assert.Empty(wrong);

        static string Expected(ApiRoute route)
        {
            var (_, reads, writes) = Table.FirstOrDefault(t => $"{route.Pattern}/".StartsWith($"/api/v1{t.Path}/", StringComparison.Ordinal));
            return route.Method == "GET" && route.ToString() != PlaceForFile ? reads ?? "?" : writes ?? "?";
        }
    }
}
