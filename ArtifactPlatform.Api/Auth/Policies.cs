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

    /// <summary>For whoever may look into docks or manages them.</summary>
    public const string SeeDocks = "docks:see";

    /// <summary>For whoever may read what some of the company's events are about; they see no others.</summary>
    public const string SeeEvents = "events:see";

    /// <summary>For machine clients with the scope <c>artifacts:read</c>, in their own dock. Nothing else lets a machine in.</summary>
    public const string MachineRead = "machine:" + Scopes.ArtifactsRead;

    /// <summary>For machine clients with the scope <c>artifacts:write</c>, in their own dock.</summary>
    public const string MachineWrite = "machine:" + Scopes.ArtifactsWrite;

    /// <summary>The route parameter that says which dock a machine asks for.</summary>
    private const string DockId = "dockId";

    public static IServiceCollection AddPlatformAuth(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<AccessTokens>();
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
                options.AddPolicy(scope, policy => policy.AddRequirements(NoMachine(), new CallerMust((caller, _) => caller.Scopes.Contains(scope), Error.ScopeMissing(scope))));
            }

            options.AddPolicy(SeeDocks, policy => policy.AddRequirements(
                NoMachine(), new CallerMust((caller, _) => caller.Scopes.Contains(Scopes.ArtifactsRead) || caller.Scopes.Contains(Scopes.Admin), Error.ScopeMissing(Scopes.ArtifactsRead))));
            options.AddPolicy(SeeEvents, policy => policy.AddRequirements(
                NoMachine(), new CallerMust((caller, _) => caller.Scopes.Contains(Scopes.ArtifactsRead) || caller.Scopes.Contains(Scopes.VideosRead), Error.ScopeMissing($"{Scopes.ArtifactsRead} or {Scopes.VideosRead}"))));
            options.AddMachinePolicy(MachineRead, Scopes.ArtifactsRead);
            options.AddMachinePolicy(MachineWrite, Scopes.ArtifactsWrite);

            options.AddPolicy(Session, policy => policy.AddRequirements(new CallerMust((caller, _) => caller.SessionId is not null, Error.SessionRequired())));
            options.DefaultPolicy = options.FallbackPolicy = new AuthorizationPolicyBuilder().AddRequirements(new NoRoute()).Build();
        });
        return services;
    }

    private static void AddMachinePolicy(this AuthorizationOptions options, string name, string scope) => options.AddPolicy(name, policy => policy.AddRequirements(
        new CallerMust((caller, _) => caller.Machine is not null, Error.MachineRequired()),
        new CallerMust((caller, request) => caller.Machine?.DockId == request.RouteValues[DockId] as string, Error.DockDenied()),
        new CallerMust((caller, _) => caller.Scopes.Contains(scope), Error.ScopeMissing(scope, "the machine client's access token"))));

    /// <summary>A machine's scopes have the names of a key's, and hold in its own dock alone.</summary>
    private static CallerMust NoMachine() => new((caller, _) => caller.Machine is null, Error.MachineDenied());

    /// <summary>A condition on the caller and the request, with the answer for one who does not fulfil it.</summary>
    private sealed class CallerMust(Func<Caller, HttpRequest, bool> condition, Failure failure) : AuthorizationHandler<CallerMust>, IAuthorizationRequirement
    {
        public Failure Failure { get; } = failure;

        private Func<Caller, HttpRequest, bool> Condition { get; } = condition;

        protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, CallerMust requirement)
        {
            // Each of a policy's conditions is asked about all of them: the one at hand is the requirement's.
            if (context.Resource is HttpContext http && http.Features.Get<Caller>() is { } caller && requirement.Condition(caller, http.Request))
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
