using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Tests.Oidc;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Tests.Api;

/// <summary>A provider, and an Api that is set up for it.</summary>
public sealed class OidcStack(Platform platform) : IAsyncLifetime
{
    public OidcProvider Provider { get; private set; } = null!;

    public WebApplication Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await platform.StartedAsync();
        Provider = await OidcProvider.StartAsync(new Uri("http://127.0.0.1:9/signin-oidc"));
        Api = await platform.StartApiAsync(Provider.Settings!);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        Provider.Dispose();
    }
}

/// <summary>Signing in with the identity token of a real provider. Each test has people of its own.</summary>
public sealed class OidcTests(Platform platform, OidcStack stack) : IClassFixture<StartedPlatform>, IClassFixture<OidcStack>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private readonly OidcProvider provider = stack.Provider;
    private readonly WebApplication api = stack.Api;

    [Fact]
    public async Task Someone_with_an_account_is_known_by_address_at_first_and_by_the_providers_name_for_them_then()
    {
        var company = await platform.NewCompanyAsync();
        var session = await SignInAsync(company.Email);
        Assert.Equal((company.UserId, "owner"), (session.User.Id, session.User.Role));
        Assert.Equal(session.User, await new PlatformClient(api.CreateClient(), session.Token).GetCurrentSessionAsync(ct));
        await SignInAsync(company.Email);
        Assert.Equal(["user.linked"], (await company.Client.ListAuditLogAsync(null, null, null, null, ct)).Data.Select(e => e.Action));

        // Their address is someone else's at the provider now: that is not them.
        Assert.Equal("oidc_account_missing", await RefusedAsync(await TokenAsync($"{company.Email}#2")));

        // The address here does not matter any more.
        await using var db = platform.Database();
        await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Email, $"{Guid.NewGuid():N}@example.com"), ct);
        Assert.Equal(company.UserId, (await SignInAsync(company.Email)).User.Id);
    }

    [Fact]
    public async Task Only_people_with_an_account_or_an_invitation_of_that_very_address_come_in()
    {
        var company = await platform.NewCompanyAsync();
        var email = $"{Guid.NewGuid():N}@example.com";
        Assert.Equal("oidc_account_missing", await RefusedAsync(await TokenAsync(email)));
        Assert.Equal("oidc_email_unverified", await RefusedAsync(await TokenAsync($"unverified-{email}")));

        var invitation = await company.Client.CreateInvitationAsync(new() { Email = email, Role = "viewer" }, ct);
        // An invitation is taken up by its link, not by the address alone.
        Assert.Equal("oidc_account_missing", await RefusedAsync(await TokenAsync(email)));
        Assert.Equal("invitation_invalid", await RefusedAsync(await TokenAsync($"other-{email}"), invitation: invitation.Token));
        var joined = await SignInAsync(email, invitation.Token);
        Assert.Equal((email, "viewer", company.CompanyId), (joined.User.Email, joined.User.Role, joined.User.Company.Id));
        Assert.Equal(joined.User.Id, (await SignInAsync(email)).User.Id);
        Assert.Equal("invitation_invalid", await RefusedAsync(await TokenAsync(email), invitation: invitation.Token));

        // There is no password to guess or to change.
        var wrong = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.SignInAsync(email, "", ct));
        Assert.Equal("invalid_parameter", wrong.Error.Code);
        var none = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.WithToken(joined.Token).ChangePasswordAsync("anything", "seven quiet otters", ct));
        Assert.Equal((HttpStatusCode.Conflict, "no_password"), (none.Status, none.Error.Code));

        await company.Client.RemoveUserAsync(joined.User.Id, ct);
        Assert.Equal("oidc_account_missing", await RefusedAsync(await TokenAsync(email)));
    }

    [Fact]
    public async Task A_token_opens_one_session_however_many_use_it_at_once()
    {
        var company = await platform.NewCompanyAsync();
        var token = await TokenAsync(company.Email);
        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            try
            {
                await SendAsync(token);
                return "ok";
            }
            catch (PlatformApiException e)
            {
                return e.Error.Code;
            }
        }));

        Assert.Equal(["oidc_token_invalid", "oidc_token_invalid", "oidc_token_invalid", "oidc_token_invalid", "oidc_token_invalid", "ok"], tries.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_sign_in_whose_answer_was_lost_gets_it_again_by_its_key()
    {
        var token = await TokenAsync((await platform.NewCompanyAsync()).Email);
        var first = await SendAsync(token, key: "sign in");
        Assert.Equal(first, await SendAsync(token, key: "sign in"));
        Assert.Equal("oidc_token_invalid", await RefusedAsync(token));
    }

    [Fact]
    public async Task A_token_that_is_not_the_providers_for_this_sign_in_is_refused()
    {
        var company = await platform.NewCompanyAsync();
        var good = await TokenAsync(company.Email);
        var (header, payload) = (good.IdToken.Split('.')[0], good.IdToken.Split('.')[1]);
        var forged = new JsonWebTokenHandler().CreateToken(Base64UrlEncoder.Decode(payload), new SigningCredentials(new SymmetricSecurityKey(new byte[32]), SecurityAlgorithms.HmacSha256));
        var other = await TokenAsync(company.Email);
        string[] bad =
        [
            "nonsense",
            await provider.IdTokenAsync(company.Email, good.Nonce, OidcProvider.OtherClientId),
            other.IdToken,
            $"{Base64UrlEncoder.Encode("""{"alg":"none"}""")}.{payload}.",
            forged,
            $"{header}.{payload}.{other.IdToken.Split('.')[2]}",
        ];
        foreach (var token in bad)
        {
            Assert.Equal("oidc_token_invalid", await RefusedAsync(good with { IdToken = token }));
        }

        await using var later = await platform.StartApiAsync(provider.Settings!, services => services.AddSingleton<TimeProvider>(new LateClock()), ct);
        Assert.Equal("oidc_token_invalid", await RefusedAsync(good, at: later));
        await SendAsync(good);
    }

    [Fact]
    public async Task What_only_looks_like_an_identity_token_is_refused()
    {
        foreach (var token in OddTokens.Malformed.Select(row => row.Data))
        {
            Assert.Equal((token, "oidc_token_invalid"), (token, await RefusedAsync(new Issued(token, "some nonce"))));
        }
    }

    [Fact]
    public async Task Without_a_provider_or_while_it_is_away_the_answer_says_so()
    {
        var token = await TokenAsync($"{Guid.NewGuid():N}@example.com");
        var off = await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(platform.CreateClient()).SignInWithOidcAsync(new() { IdToken = token.IdToken, Nonce = token.Nonce }, ct));
        Assert.Equal((HttpStatusCode.NotFound, "oidc_not_configured"), (off.Status, off.Error.Code));

        // Nothing listens there: port 1 is reserved (TCPMUX).
        await using var lonely = await platform.StartApiAsync([("Oidc:Authority", "http://127.0.0.1:1"), ("Oidc:ClientId", OidcProvider.ClientId)], ct: ct);
        Assert.Equal("oidc_provider_unavailable", await RefusedAsync(token, at: lonely));
    }

    [Theory]
    [InlineData("http://accounts.example.com", "dashboard", "https")]
    [InlineData("https://accounts.example.com", "", "Oidc:ClientId")]
    public async Task Settings_that_would_not_be_safe_or_complete_stop_the_start(string authority, string clientId, string said)
    {
        var e = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => platform.StartApiAsync([("Oidc:Authority", authority), ("Oidc:ClientId", clientId)], ct: ct));

        Assert.Contains(said, e.Message, StringComparison.Ordinal);
    }

    private async Task<Issued> TokenAsync(string login)
    {
        var nonce = Guid.NewGuid().ToString("N");
        return new(await provider.IdTokenAsync(login, nonce), nonce);
    }

    private async Task<SessionCreated> SignInAsync(string login, string? invitation = null) => await SendAsync(await TokenAsync(login), invitation);

    private Task<SessionCreated> SendAsync(Issued token, string? invitation = null, WebApplication? at = null, string? key = null) =>
        new PlatformClient((at ?? api).CreateClient()).WithIdempotencyKey(key ?? $"{Guid.NewGuid()}").SignInWithOidcAsync(new() { IdToken = token.IdToken, Nonce = token.Nonce, InvitationToken = invitation }, ct);

    private async Task<string> RefusedAsync(Issued token, string? invitation = null, WebApplication? at = null) =>
        (await Assert.ThrowsAsync<PlatformApiException>(() => SendAsync(token, invitation, at))).Error.Code;

    private sealed record Issued(string IdToken, string Nonce);

    /// <summary>Six minutes ahead: a token of now is too old.</summary>
    private sealed class LateClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddMinutes(6);
    }
}
