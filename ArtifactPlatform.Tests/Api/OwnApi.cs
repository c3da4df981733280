using ArtifactPlatform.Api;
using ArtifactPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Another replica of the Api, in this process, with settings of its own.</summary>
public static class OwnApi
{
    public static async Task<WebApplication> StartAsync(Platform platform, params (string Name, string Value)[] settings)
    {
        var ct = TestContext.Current.CancellationToken;
        var builder = WebApplication.CreateBuilder();
        foreach (var name in new[] { "artifactdb", "redis", "objectstore" })
        {
            builder.Configuration[$"ConnectionStrings:{name}"] = await platform.App.GetConnectionStringAsync(name, ct);
        }

        // The platform's own: with another one it would put a key into the shared ring that nobody else can open.
        builder.Configuration["Secrets:MasterKey"] = await platform.App.GetEnvironmentAsync("api", "Secrets__MasterKey", ct);
        foreach (var (name, value) in settings)
        {
            builder.Configuration[name] = value;
        }

        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        builder.AddApi();
        var api = builder.Build();
        api.UseApi();
        await api.StartAsync(ct);
        return api;
    }

    public static HttpClient CreateClient(WebApplication api, string? token = null)
    {
        var address = api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Single();
        var http = new HttpClient { BaseAddress = new Uri(address ?? "") };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return http;
    }
}
