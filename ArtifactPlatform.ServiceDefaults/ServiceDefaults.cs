using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ArtifactPlatform.ServiceDefaults;

/// <summary>What all services have in common: telemetry, health checks, service discovery.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Name of the platform's own activity source and meter.</summary>
    public const string TelemetryName = "ArtifactPlatform";

    private const string AlivePath = "/alive";
    private const string HealthPath = "/health";

    /// <summary>Health tag of checks that concern the process alone, not its dependencies.</summary>
    private const string LiveTag = "live";

    public static TBuilder AddServiceDefaults<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.KeepSecretsOutOfLogs();
        builder.ConfigureOpenTelemetry();
        builder.AddDefaultHealthChecks();
        // HTTP clients opt in to discovery and retries one by one (AddServiceDiscovery, AddReadRetries): a retry or a time limit for all
        // would send webhooks twice and cut off uploads and event streams.
        builder.Services.AddServiceDiscovery();
        return builder;
    }

    public static TBuilder ConfigureOpenTelemetry<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(TelemetryName))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, TelemetryName)
                .AddProcessor(new DropUpkeepSpans())
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsHealth(context.Request.Path))
                .AddHttpClientInstrumentation());
        return builder.AddOpenTelemetryExporters();
    }

    public static TBuilder AddDefaultHealthChecks<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        return builder;
    }

    /// <summary><c>/alive</c>: the process answers. <c>/health</c>: so do its dependencies, each by name.</summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag), ResponseWriter = WriteAsync }).AllowAnonymous().ExcludeFromDescription();
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous().ExcludeFromDescription();
        return app;
    }

    private static TBuilder AddOpenTelemetryExporters<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder
    {
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            // Milliseconds; 10,000 by default. A process that ends sends the last of logs, metrics and traces one after the other, and
            // would wait that long for each if nobody answers.
            builder.Configuration["OTEL_EXPORTER_OTLP_TIMEOUT"] ??= "1000";
            builder.Services.AddOpenTelemetry().UseOtlpExporter();
        }

        return builder;
    }

    private static void KeepSecretsOutOfLogs<TBuilder>(this TBuilder builder)
        where TBuilder : IHostApplicationBuilder => builder.Logging
        // These lines carry whole URLs, and presigned ones are secrets.
        .AddFilter("System.Net.Http.HttpClient", LogLevel.Warning)
        // Its request lines carry query strings, and health checks come every second.
        .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
        // One line for each statement; the traces have them.
        .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
        // Its retry events are told by the calls that fail.
        .AddFilter("Polly", LogLevel.Error);

    private static bool IsHealth(PathString path) => path.StartsWithSegments(HealthPath, StringComparison.Ordinal) || path.StartsWithSegments(AlivePath, StringComparison.Ordinal);

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        // Names and states only: messages could carry connection strings.
        checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString()),
    });
}
