using System.Text.Json.Serialization.Metadata;
using ArtifactPlatform.Api.ApiKeys;
using ArtifactPlatform.Api.Artifacts;
using ArtifactPlatform.Api.Audit;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Docks;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Events;
using ArtifactPlatform.Api.OAuth;
using ArtifactPlatform.Api.OpenApi;
using ArtifactPlatform.Api.Playback;
using ArtifactPlatform.Api.Requests;
using ArtifactPlatform.Api.Retention;
using ArtifactPlatform.Api.Setup;
using ArtifactPlatform.Api.Storage;
using ArtifactPlatform.Api.Uploads;
using ArtifactPlatform.Api.Users;
using ArtifactPlatform.Api.Usage;
using ArtifactPlatform.Api.Videos;
using ArtifactPlatform.Api.Webhooks;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.ServiceDefaults;
using Microsoft.AspNetCore.Identity;

namespace ArtifactPlatform.Api;

/// <summary>What this host is made of: its services and its pipeline.</summary>
internal static class ApiHost
{
    /// <summary>The Api, not started.</summary>
    public static WebApplication Build(Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        builder.AddApi();
        configure?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Runs the server until it is stopped.</summary>
    /// <returns>The exit code.</returns>
    public static Task<int> ServeAsync()
    {
        var app = Build();
        app.UseApi();
        return app.RunCheckedAsync();
    }

    public static void AddApi(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestLimits.MaxBodyBytes;
        });
        KeepSecretsOutOfLogs(builder.Logging);

        var services = builder.Services;
        builder.AddPlatformCore();
        services.ConfigureHttpJsonOptions(json =>
        {
            ContractJson.Configure(json.SerializerOptions);
            json.SerializerOptions.TypeInfoResolver = json.SerializerOptions.TypeInfoResolver?.WithAddedModifier(StorableText.CheckMembers);
        });
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddValidation();
        services.AddRequestLimits();
        services.AddExceptionHandler<HandleExceptions>();
        services.AddSingleton<IProblemDetailsService, ValidationErrors>();
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<SeedDemo>();
        services.AddPlatformAuth();
        services.AddScoped<AuditTrail>();
        services.AddArtifacts();
        services.AddEvents();
        services.AddUploads();
        services.AddVideos();
        services.AddPlayback();
        services.AddDocks();
        services.AddResponseCompression(compression => compression.MimeTypes = [ManifestResult.Hls, ManifestResult.Dash, ManifestResult.Vtt]);
        services.AddPlatformOpenApi();
    }

    public static void UseApi(this WebApplication app)
    {
        app.UseHeadOfPlayback();
        // Here rather than first, where the framework would put it: the route depends on the method.
        app.UseRouting();
        app.UseMiddleware<RequestTrace>();
        app.UseExceptionHandler();
        app.UseStatusCodePages(empty => Error.ForStatus(empty.HttpContext.Response.StatusCode).WriteAsync(empty.HttpContext));
        app.UseRequestTimeouts();
        app.UseDocsPage();
        app.UseResponseCompression();
        app.UseCors();
        app.UseAuthentication();
        app.UseMiddleware<LimitRate>();
        app.UseAuthorization();
        app.UseMiddleware<RefuseUnstorableQuery>();
        app.UseMiddleware<Idempotency>();

        app.MapDefaultEndpoints();
        app.MapPlatformOpenApi();
        app.MapStoreEvents();
        app.MapPlayback();
        app.MapWellKnown();
        var api = app.MapGroup("/api/v1").DescribeCommonErrors().DescribeLimits();
        api.MapArtifacts();
        api.MapUploads();
        api.MapVideos();
        api.MapEvents();
        api.MapAuth();
        api.MapUsers();
        api.MapApiKeys();
        api.MapAuditLog();
        api.MapUsage();
        api.MapDocks();
        api.MapOAuth();
        api.MapWebhooks();
        api.MapStorage();
        api.MapRetention();
    }

    /// <summary>The framework's own request lines carry query strings, and those carry tokens; <see cref="RequestTrace"/> writes a line without.</summary>
    private static void KeepSecretsOutOfLogs(ILoggingBuilder logging) => logging
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
        .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
        .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
}
