using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Tests.Api;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>Docks and their machine clients, and who may enter.</summary>
public sealed class DockTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dock_is_made_listed_changed_and_deleted()
    {
        var company = await platform.NewCompanyAsync();
        var made = await company.Client.CreateDockAsync(new() { Name = "Radiology 🩻" }, ct);
        Assert.Matches("^dock_[0-9a-f]{24}$", made.Id);
        Assert.Equal(("Radiology 🩻", DockObject.LargestMaxSizeBytes, "Test Owner"), (made.Name, made.MaxSizeBytes, made.CreatedBy.Name));
        var second = await company.Client.CreateDockAsync(new() { Name = "b", MaxSizeBytes = 5 }, ct);

        var first = await company.Client.ListDocksAsync(1, null, ct);
        var rest = await company.Client.ListDocksAsync(1, first.NextCursor, ct);
        Assert.Equal([second.Id, made.Id], first.Data.Concat(rest.Data).Select(d => d.Id));
        Assert.Equal((true, false), (first.HasMore, rest.HasMore));

        var changed = await company.Client.PatchDockAsync(made.Id, new() { MaxSizeBytes = 10 }, ct);
        Assert.Equal(("Radiology 🩻", 10), (changed.Name, changed.MaxSizeBytes));
        Assert.Equal("c", (await company.Client.PatchDockAsync(made.Id, new() { Name = "c" }, ct)).Name);

        await company.Client.DeleteDockAsync(made.Id, ct);
        Assert.Equal("dock_not_found", await TestDock.CodeAsync(() => company.Client.GetDockAsync(made.Id, ct)));
        Assert.Equal("dock_not_found", await TestDock.CodeAsync(() => company.Client.DeleteDockAsync(made.Id, ct)));
    }

    [Fact]
    public async Task A_dock_that_holds_something_stays_and_an_empty_one_takes_its_clients_along()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        var kept = await dock.CompletedAsync(new() { Filename = "a.bin" }, TestDock.Content(), ct);
        var failed = await dock.EndedAsync((await dock.DepositAsync(new() { Filename = "b.bin", Size = 1 }, TestDock.Content(), ct)).Id, ct);
        Assert.Equal("dock_not_empty", await TestDock.CodeAsync(() => company.Client.DeleteDockAsync(dock.Id, ct)));
        Assert.NotEmpty((await dock.AsMachine.GetAsync(failed.Id, ct)).ErrorCode ?? "");

        await dock.AsKey.DeleteAsync(kept.Id, ct);
        await company.Client.DeleteDockAsync(dock.Id, ct);

        Assert.Equal("token_revoked", await TestDock.CodeAsync(() => dock.AsMachine.ListAsync(new(), ct)));
        Assert.Equal("dock_not_found", await TestDock.CodeAsync(() => dock.AsKey.CreateAsync(new() { Filename = "a" }, ct)));
        Assert.Equal("invalid_client", await TestDock.CodeAsync(() => company.Client.GetTokenAsync(dock.Machine.ClientId, dock.Machine.ClientSecret, null, ct)));
    }

    [Fact]
    public async Task Deposits_and_a_delete_of_the_dock_at_once_never_leave_an_artifact_without_a_dock()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.Client.CreateDockAsync(new() { Name = "a" }, ct);
        var deposits = Enumerable.Range(0, 12).Select(i => TryAsync(() => company.Client.DockArtifacts(dock.Id).CreateAsync(new() { Filename = $"{i}" }, ct))).ToList();
        var deleted = await TryAsync(() => company.Client.DeleteDockAsync(dock.Id, ct));
        var codes = await Task.WhenAll(deposits);

        Assert.Contains(deleted, new[] { "ok", "dock_not_empty" });
        Assert.All(codes, code => Assert.Equal(deleted == "ok" ? "dock_not_found" : "ok", code));

        static async Task<string> TryAsync(Func<Task> call)
        {
            try
            {
                await call();
                return "ok";
            }
            catch (PlatformApiException e)
            {
                return e.Error.Code;
            }
        }
    }

    [Fact]
    public async Task A_clients_secret_is_shown_once_and_kept_as_a_hash()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        Assert.Matches("^client_[0-9a-f]{24}$", dock.Machine.ClientId);
        Assert.Matches("^mcs_[A-Za-z0-9_-]{43}$", dock.Machine.ClientSecret);

        using var http = company.CreateHttp();
        Assert.DoesNotContain(dock.Machine.ClientSecret, await http.GetStringAsync($"/api/v1/docks/{dock.Id}/clients", ct), StringComparison.Ordinal);
        var listed = Assert.Single((await company.Client.ListMachineClientsAsync(dock.Id, null, null, ct)).Data);
        Assert.Equal((dock.Machine.ClientId, "EHR", dock.Id), (listed.ClientId, listed.Name, listed.DockId));
        Assert.NotNull(listed.LastUsedAt);
        var refused = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.CreateMachineClientAsync(dock.Id, new() { Name = "a", Scopes = ["artifacts:read", "admin"] }, ct));
        Assert.Equal(("unknown_scope", "scopes[1]"), (refused.Error.Code, refused.Error.Param));
    }

    [Theory]
    [InlineData("POST", "/api/v1/docks", """{"maxSizeBytes":1}""", "name")]
    [InlineData("POST", "/api/v1/docks", """{"name":"a","maxSizeBytes":0}""", "maxSizeBytes")]
    [InlineData("POST", "/api/v1/docks", """{"name":"a","maxSizeBytes":5368709121}""", "maxSizeBytes")]
    [InlineData("PATCH", "/api/v1/docks/{dock}", """{"name":""}""", "name")]
    [InlineData("POST", "/api/v1/docks/{dock}/clients", """{"name":"a"}""", "scopes")]
    [InlineData("POST", "/api/v1/docks/{dock}/clients", """{"name":"a","scopes":[]}""", "scopes")]
    public async Task What_makes_no_sense_is_refused(string method, string path, string body, string param)
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.Client.CreateDockAsync(new() { Name = "a" }, ct);
        using var http = company.CreateHttp();
        using var response = await http.SendAsync(method, path.Replace("{dock}", dock.Id, StringComparison.Ordinal), body, ct);

        Assert.Equal(param, (await response.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);
    }

    [Fact]
    public async Task A_machine_passes_on_no_route_but_those_of_its_own_dock()
    {
        var company = await platform.NewCompanyAsync();
        var (dock, sibling, foreign) = (await company.NewDockAsync(ct), await company.NewDockAsync(ct), await (await platform.NewCompanyAsync()).NewDockAsync(ct));
        using var http = platform.CreateClient(dock.Token);
        foreach (var route in ApiRoutes.All.Where(r => !r.IsPublic))
        {
            foreach (var id in route.IsMachine ? [sibling.Id, foreign.Id, "dock_none"] : new[] { dock.Id })
            {
                using var response = await http.SendAsync(route.Method, route.At(id), route.HasBody ? "{}" : null, ct);
                var expected = route.IsMachine ? "dock_denied" : route.Policies.Contains("session") ? "session_required" : "machine_denied";
                Assert.Equal((route, expected), (route, (await response.ErrorAsync(HttpStatusCode.Forbidden, ct)).Code));
            }
        }
    }

    [Fact]
    public async Task Machine_routes_are_not_for_keys_and_each_names_the_scope_that_a_machine_lacks()
    {
        var company = await platform.NewCompanyAsync();
        var (reader, writer) = (await company.NewDockAsync(ct, null, "artifacts:read"), await company.NewDockAsync(ct, null, "artifacts:write"));
        var routes = ApiRoutes.All.Where(r => r.IsMachine).ToList();
        Assert.Equal(6, routes.Count);
        foreach (var route in routes)
        {
            var (lacking, scope) = route.Policies.Contains($"machine:{Scopes.ArtifactsRead}") ? (writer, Scopes.ArtifactsRead) : (reader, Scopes.ArtifactsWrite);
            var refused = await RefusedAsync(route, lacking.Token, lacking.Id);
            Assert.Equal("scope_missing", refused.Code);
            Assert.Contains($"{scope}, which the machine client", refused.Message, StringComparison.Ordinal);
            Assert.Equal("machine_required", (await RefusedAsync(route, company.ApiKey, reader.Id)).Code);
        }

        async Task<ApiError> RefusedAsync(ApiRoute route, string token, string dockId)
        {
            using var http = platform.CreateClient(token);
            using var response = await http.SendAsync(route.Method, route.At(dockId), route.HasBody ? "{}" : null, ct);
            return await response.ErrorAsync(HttpStatusCode.Forbidden, ct);
        }
    }

    [Theory]
    [InlineData(Scopes.Admin, "ok", "ok", "scope_missing")]
    [InlineData(Scopes.ArtifactsRead, "ok", "scope_missing", "ok")]
    [InlineData(Scopes.VideosRead, "scope_missing", "scope_missing", "scope_missing")]
    public async Task Docks_are_seen_by_those_who_read_or_manage_and_managed_by_the_latter(string scope, string sees, string manages, string reads)
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.Client.CreateDockAsync(new() { Name = "a" }, ct);
        var client = company.Client.WithToken((await company.Client.CreateApiKeyAsync(new() { Name = "a", Scopes = [scope] }, ct)).Key);

        Assert.Equal((sees, manages, reads), (
            await CodeAsync(() => client.ListDocksAsync(null, null, ct)),
            await CodeAsync(() => client.ListMachineClientsAsync(dock.Id, null, null, ct)),
            await CodeAsync(() => client.DockArtifacts(dock.Id).ListAsync(new(), ct))));

        static async Task<string> CodeAsync(Func<Task> call)
        {
            try
            {
                await call();
                return "ok";
            }
            catch (PlatformApiException e)
            {
                return e.Error.Code;
            }
        }
    }
}
