using ArtifactPlatform.Api;
using ArtifactPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ArtifactPlatform.Tests.Api;

/// <summary>A host of the Api in this process, beside the platform's own and on the same stores: another replica, or one with other settings.</summary>
public static class OwnApi
{
    /// <param name="settings">In addition to the platform's; a later one wins.</param>
    /// <param name="configure">Changes to its services.</param>
    public static async Task<WebApplication> StartApiAsync(
        this Platform platform, IEnumerable<(string Name, string? Value)> settings, Action<IServiceCollection>? configure = null, CancellationToken ct = default)
    {
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
        // It would watch every request of this process, and put traces of its own in the place of those that tests ask for.
        foreach (var telemetry in builder.Services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationType?.Namespace?.StartsWith("OpenTelemetry", StringComparison.Ordinal) == true).ToList())
        {
            builder.Services.Remove(telemetry);
        }

        configure?.Invoke(builder.Services);
        var api = builder.Build();
        api.UseApi();
        await api.StartAsync(ct);
        return api;
    }

    public static Uri Address(this WebApplication api) => new(api.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Single() ?? "");

    public static HttpClient CreateClient(this WebApplication api, string? token = null)
    {
        var client = new HttpClient { BaseAddress = api.Address() };
        client.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
        return client;
    }
}
