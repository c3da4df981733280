using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace ArtifactPlatform.ServiceDefaults;

/// <summary>What all services do alike: telemetry, health, HTTP client defaults.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Name of the platform's own activity source and meter.</summary>
    public const string TelemetryName = "ArtifactPlatform";

    private const string AlivePath = "/alive";
    private const string HealthPath = "/health";

    /// <summary>Health tag of checks that tell of the process alone, not of what it depends on.</summary>
    private const string LiveTag = "live";

    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });
        // These lines carry whole URLs, and presigned ones are secrets.
        builder.Logging.AddFilter("System.Net.Http.HttpClient", LogLevel.Warning);
        // Its request lines carry query strings, and health checks ask every second.
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        // One line a statement drowns everything else; the traces have them.
        builder.Logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning);
        var telemetry = builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation().AddMeter(TelemetryName, "Npgsql"))
            .WithTracing(tracing => tracing
                .AddSource(builder.Environment.ApplicationName, TelemetryName)
                .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsHealth(context.Request.Path))
                .AddHttpClientInstrumentation()
                .AddNpgsql());
        if (builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 })
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }

    /// <summary><c>/alive</c>: the process answers. <c>/health</c>: so do its dependencies, each named.</summary>
    public static WebApplication MapHealth(this WebApplication app)
    {
        app.MapHealthChecks(AlivePath, new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag), ResponseWriter = WriteAsync }).AllowAnonymous().ExcludeFromDescription();
        app.MapHealthChecks(HealthPath, new HealthCheckOptions { ResponseWriter = WriteAsync }).AllowAnonymous().ExcludeFromDescription();
        return app;
    }

    private static bool IsHealth(PathString path) => path.StartsWithSegments(HealthPath, StringComparison.Ordinal) || path.StartsWithSegments(AlivePath, StringComparison.Ordinal);

    private static Task WriteAsync(HttpContext context, HealthReport report) => context.Response.WriteAsJsonAsync(new
    {
        status = report.Status.ToString(),
        // Names and verdicts only: messages could carry connection strings.
        checks = report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString()),
    });
}
