using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Core.ApiKeys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace ArtifactPlatform.Api.Auth;

/// <summary>One policy for each scope, under the scope's own name; whoever forgets to name a policy has denied everyone.</summary>
internal static class Policies
{
    /// <summary>For dashboard sessions only, whatever their role.</summary>
    public const string Session = "session";

    public static IServiceCollection AddPlatformAuth(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<FindCaller>();
        services.AddScoped<CheckPassword>();
        services.AddScoped<OpenSession>();
        services.AddScoped<JoinCompany>();
        services.AddOptions<OidcOptions>().BindConfiguration("Oidc").ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<VerifyIdToken>();
        services.AddScoped<CreateOidcSession>();
        services.AddScoped(provider => provider.GetRequiredService<IHttpContextAccessor>().HttpContext?.Features.Get<Caller>()
            ?? throw new InvalidOperationException("There is no caller: the route lacks a policy."));
        services.AddAuthentication(BearerAuthentication.SchemeName).AddScheme<AuthenticationSchemeOptions, BearerAuthentication>(BearerAuthentication.SchemeName, configureOptions: null);
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, WriteRefusals>();
        services.AddAuthorization(options =>
        {
            foreach (var scope in Scopes.All)
            {
                options.AddPolicy(scope, policy => policy.AddRequirements(new CallerMust(caller => caller.Scopes.Contains(scope), Error.ScopeMissing(scope))));
            }

            options.AddPolicy(Session, policy => policy.AddRequirements(new CallerMust(caller => caller.SessionId is not null, Error.SessionRequired())));
            options.DefaultPolicy = options.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new NoRoute()).Build();
        });
        return services;
    }

    /// <summary>A condition on the caller, with the answer for one who does not fulfil it.</summary>
    private sealed class CallerMust(Func<Caller, bool> condition, Failure failure) : AuthorizationHandler<CallerMust>, IAuthorizationRequirement
    {
        public Failure Failure { get; } = failure;

        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallerMust requirement)
        {
            if (context.Resource is HttpContext http && http.Features.Get<Caller>() is { } caller && condition(caller))
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Lets pass what has no route, so that it gets its 404, 405 or 415, and nothing else.</summary>
    private sealed class NoRoute : AuthorizationHandler<NoRoute>, IAuthorizationRequirement
    {
        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, NoRoute requirement)
        {
            if (context.Resource is HttpContext http && http.GetEndpoint() is not RouteEndpoint)
            {
                context.Succeed(requirement);
            }

            return Task.CompletedTask;
        }
    }

    /// <summary>Answers refusals in the error envelope and names the missing scope.</summary>
    private sealed class WriteRefusals : IAuthorizationMiddlewareResultHandler
    {
        private readonly AuthorizationMiddlewareResultHandler standard = new();

        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
        {
            if (!authorizeResult.Forbidden)
            {
                return standard.HandleAsync(next, context, policy, authorizeResult);
            }

            var unmet = authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<CallerMust>().FirstOrDefault();
            return (unmet?.Failure ?? Error.AccessDenied()).WriteAsync(context);
        }
    }
}
