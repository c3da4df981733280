using ArtifactPlatform.ServiceDefaults;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Web.Platform;

public static class PlatformSetup
{
    /// <summary>The Api, by the name that service discovery knows it by. It looks the address up in <c>services__api__https__0</c> and <c>services__api__http__0</c>, and shares calls out where there are several.</summary>
    private static readonly Uri Api = new("https+http://api");

    /// <summary>A person is waiting; the Api answers in milliseconds or is in trouble.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(15);

    public static IServiceCollection AddPlatform(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        if (!configuration.GetSection("services:api").GetChildren().Any())
        {
            throw new OptionsValidationException("", typeof(PlatformSetup), ["The Api's address is missing: set services__api__http__0, as http://localhost:8080."]);
        }

        services.AddHttpClient(PlatformConnection.HttpClientName, http =>
        {
            http.BaseAddress = Api;
            http.Timeout = AnswerTimeout;
        }).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }).AddReadRetries().AddServiceDiscovery();
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
                return new HealthCheckResult(context.Registration.FailureStatus, $"the Api does not answer: {e.Message}");
            }
        }
    }
}
