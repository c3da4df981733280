using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Web.Auth;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace ArtifactPlatform.Web.Platform;

/// <summary>The platform as the signed-in user may use it. One per circuit.</summary>
public sealed partial class PlatformSession(
    AuthenticationStateProvider authentication, PlatformConnection platform, SessionChecks checks, NavigationManager navigation, ILogger<PlatformSession> logger)
{
    /// <summary>The sign-in page is coming up: what still runs here may stop.</summary>
    public bool HasEnded { get; private set; }

    public async Task<SessionUser> GetUserAsync() => SessionClaims.ToUser((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>Whether to offer changes; a viewer only looks.</summary>
    public async Task<bool> MayChangeAsync() => SessionClaims.MayChange((await authentication.GetAuthenticationStateAsync()).User);

    /// <summary>Whether to show what is for owners.</summary>
    public async Task<bool> MayManageAsync() => SessionClaims.MayManage((await authentication.GetAuthenticationStateAsync()).User);

    public async Task<PlatformClient> GetClientAsync() => platform.ClientFor(await FindTokenAsync());

    /// <summary>Makes one call. When the session has ended, the browser is sent to the sign-in page and comes back here afterwards.</summary>
    /// <exception cref="PlatformProblemException">The call failed.</exception>
    public async Task<T> CallAsync<T>(Func<PlatformClient, Task<T>> call, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(call);
        try
        {
            return await call(await GetClientAsync());
        }
        catch (Exception e) when (PlatformProblems.IsFailedCall(e, ct))
        {
            var problem = PlatformProblems.Explain(e);
            LogProblem(logger, problem.Kind, problem.RequestId, e.Message);
            if (problem.Kind == ProblemKind.SessionEnded)
            {
                await LeaveAsync();
            }

            throw problem;
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public Task CallAsync(Func<PlatformClient, Task> call, CancellationToken ct) => CallAsync(
        async client =>
        {
            await call(client);
            return true;
        },
        ct);

    /// <summary>Loads the page anew: the cookie is checked, dropped, and the sign-in page comes up.</summary>
    public async Task LeaveAsync()
    {
        HasEnded = true;
        await ReloadAsync();
    }

    /// <summary>Loads the page anew with what the platform says of the user by now: their name or role has just changed.</summary>
    public async Task ReloadAsync()
    {
        if (await FindTokenAsync() is { } token)
        {
            checks.Distrust(token);
        }

        navigation.NavigateTo(navigation.Uri, forceLoad: true);
    }

    private async Task<string?> FindTokenAsync() => SessionClaims.FindToken((await authentication.GetAuthenticationStateAsync()).User);

    [LoggerMessage(LogLevel.Warning, "Platform call failed ({Kind}, {RequestId}): {Reason}")]
    private static partial void LogProblem(ILogger logger, ProblemKind kind, string? requestId, string reason);
}
