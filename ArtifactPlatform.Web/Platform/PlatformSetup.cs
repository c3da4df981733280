using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ArtifactPlatform.Web.Platform;

public static class PlatformSetup
{
    /// <summary>Where service discovery puts the Api's address: <c>services__api__http__0</c> in the environment.</summary>
    private const string ApiAddressKey = "services:api:http:0";

    /// <summary>A person is waiting; the Api answers in milliseconds or is in trouble.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!Uri.TryCreate(configuration[ApiAddressKey], UriKind.Absolute, out var api))
        {
            throw new InvalidOperationException("The Api's address is missing: set services__api__http__0, as http://localhost:8080.");
        }

        services.AddHttpClient(PlatformConnection.HttpClientName, http =>
        {
            http.BaseAddress = api;
            http.Timeout = AnswerTimeout;
        }).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        services.AddSingleton<PlatformConnection>();
        services.AddScoped<PlatformSession>();
        services.AddScoped<EventFeed>();
        services.AddHealthChecks().AddCheck<ApiAnswers>("api");
        return services;
    }

    /// <summary>The Api's process answers; what it depends on is its own health to tell.</summary>
    private sealed class ApiAnswers(IHttpClientFactory clients) : IHealthCheck
    {
        private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            try
            {
                using var response = await clients.CreateClient(PlatformConnection.HttpClientName).GetAsync(new Uri("alive", UriKind.Relative), patience.Token);
                return response.IsSuccessStatusCode ? HealthCheckResult.Healthy() : new HealthCheckResult(context.Registration.FailureStatus);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                return new HealthCheckResult(context.Registration.FailureStatus, exception: e);
            }
        }
    }
}
