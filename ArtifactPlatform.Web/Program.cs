using ArtifactPlatform.ServiceDefaults;
using ArtifactPlatform.Web;
using ArtifactPlatform.Web.Artifacts;
using ArtifactPlatform.Web.Auth;
using ArtifactPlatform.Web.Docks;
using ArtifactPlatform.Web.Platform;
using Radzen;

return await StartUp.RunAsync(() =>
{
    // Pages, styles and scripts stand beside the executable, whatever folder it is started from.
    var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
    builder.WebHost.UseStaticWebAssets();
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

    builder.AddServiceDefaults();
    builder.Services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section).ValidateDataAnnotations().ValidateOnStart();
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddPlatform(builder.Configuration);
    builder.Services.AddSignIn(builder.Configuration);
    builder.Services.AddArtifactPages();
    builder.Services.AddRadzenComponents();
    builder.Services.AddRazorComponents().AddInteractiveServerComponents()
        // What a page loaded while prerendering comes back in one message: a joined artifact of 1,000 fragments, protected, is 200 kB.
        .AddHubOptions(hub => hub.MaximumReceiveMessageSize = 1 << 20);

    var app = builder.Build();

    app.UseExceptionHandler("/problem", createScopeForErrors: true);
    app.UseStatusCodePagesWithReExecute("/problem", createScopeForStatusCodePages: true);
    app.UseSecurityHeaders();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UseAntiforgery();

    app.MapDefaultEndpoints();
    app.MapStaticAssets().AllowAnonymous();
    app.MapSignOut();
    app.MapOidcSignIn();
    app.MapDownload();
    app.MapDockDownload();
    app.MapGet("/", () => Results.LocalRedirect("/artifacts")).RequireAuthorization();
    app.MapRazorComponents<App>()
        // The Content-Security-Policy that UseSecurityHeaders sends forbids framing altogether.
        .AddInteractiveServerRenderMode(options => options.ContentSecurityFrameAncestorsPolicy = null)
        .RequireAuthorization();

    return app.RunCheckedAsync();
});
