using System.Diagnostics;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace ArtifactPlatform.Tests.Oidc;

/// <summary>A real OpenID Connect provider (provider.mjs, on Node) that one test, or the tests of one class, have to themselves.</summary>
public sealed class OidcProvider : IDisposable
{
    public const string ClientId = "dashboard";

    /// <summary>Another client of the same provider, whose tokens are not for the platform.</summary>
    public const string OtherClientId = "elsewhere";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly Uri redirect;

    private OidcProvider(Process process, Uri authority, string secret, Uri redirect)
    {
        (this.process, this.redirect) = (process, redirect);
        (Authority, ClientSecret) = (authority, secret);
    }

    public Uri Authority { get; }

    public string ClientSecret { get; }

    /// <summary>What Api and dashboard are set up with.</summary>
    public (string Name, string Value)[] Settings => [("Oidc:Authority", Authority.ToString()), ("Oidc:ClientId", ClientId)];

    /// <param name="redirect">Where it may send people back to.</param>
    public static async Task<OidcProvider> StartAsync(Uri redirect)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var clients = new[] { ClientId, OtherClientId }.Select(id => new { client_id = id, client_secret = secret, redirect_uris = new[] { redirect }, token_endpoint_auth_method = "client_secret_post" });
        var start = new ProcessStartInfo("node", [Path.Combine(Folder(), "provider.mjs")]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PROVIDER"] = JsonSerializer.Serialize(new { clients });
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start.");
        var said = new StringBuilder();
        process.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        process.BeginErrorReadLine();
        using var timeout = new CancellationTokenSource(StartTimeout);
        while (await process.StandardOutput.ReadLineAsync(timeout.Token) is { } line)
        {
            if (line.StartsWith("listening ", StringComparison.Ordinal))
            {
                return new OidcProvider(process, new Uri(line["listening ".Length..]), secret, redirect);
            }
        }

        throw new InvalidOperationException($"The provider did not start. It needs Node 20 or later; the build installs it with npm.\n{said}");
    }

    /// <summary>Signs a person in and fetches their identity token, as a client does.</summary>
    public async Task<string> IdTokenAsync(string login, string nonce, string clientId = ClientId)
    {
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = Authority };
        var verifier = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var asked = new Dictionary<string, string?>
        {
            ["client_id"] = clientId, ["response_type"] = "code", ["scope"] = "openid email profile", ["redirect_uri"] = redirect.ToString(), ["nonce"] = nonce,
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), ["code_challenge_method"] = "S256",
        };
        var page = await FollowAsync(browser.GetAsync(QueryHelpers.AddQueryString("/auth", asked)));
        var resumed = await FollowAsync(browser.PostAsync(page, new FormUrlEncodedContent([new("login", login)])));
        var back = await FollowAsync(browser.GetAsync(resumed));
        var code = HttpUtility.ParseQueryString(back.Query)["code"] ?? throw new InvalidOperationException($"There is no code in {back}.");
        using var answer = await browser.PostAsync("/token", new FormUrlEncodedContent(
        [
            new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", redirect.ToString()),
            new("client_id", clientId), new("client_secret", ClientSecret), new("code_verifier", verifier),
        ]));
        using var tokens = JsonDocument.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync());
        return tokens.RootElement.GetProperty("id_token").GetString() ?? "";
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }

    private async Task<Uri> FollowAsync(Task<HttpResponseMessage> sent)
    {
        using var response = await sent;
        return response.Headers.Location is { } next ? new Uri(Authority, next) : throw new InvalidOperationException($"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private static string Folder([CallerFilePath] string thisFile = "") => Path.GetDirectoryName(thisFile) ?? "";
}
