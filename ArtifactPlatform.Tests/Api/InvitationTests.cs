using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Api;

/// <summary>How people come into a company.</summary>
public sealed class InvitationTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private const string Password = "seven quiet otters";

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    private readonly string email = $"{Guid.NewGuid():N}@example.com";

    [Fact]
    public async Task An_invited_person_looks_joins_and_is_signed_in()
    {
        var company = await platform.NewCompanyAsync();
        var owner = await company.SignInAsync(ct);
        var invitation = await owner.CreateInvitationAsync(new() { Email = $" {email.ToUpperInvariant()} ".Trim(), Name = "Kim", Role = "member" }, ct);
        var nobody = new PlatformClient(platform.CreateClient());

        Assert.Matches("^join_[A-Za-z0-9_-]{43}$", invitation.Token);
        Assert.InRange((invitation.ExpiresAt - TimeProvider.System.GetUtcNow()).TotalDays, 6.9, 7.1);
        var preview = await nobody.LookupInvitationAsync(invitation.Token, ct);
        Assert.Equal((email, "Kim", "member"), (preview.Email, preview.Name, preview.Role));
        var listed = Assert.Single((await owner.ListInvitationsAsync(null, null, ct)).Data);
        Assert.Equal((invitation.Id, email, company.UserId), (listed.Id, listed.Email, listed.CreatedBy.Id));

        var session = await nobody.AcceptInvitationAsync(new() { Token = invitation.Token, Name = "Kim Doe", Password = Password }, ct);
        Assert.Equal((email, "Kim Doe", "member", company.CompanyId), (session.User.Email, session.User.Name, session.User.Role, session.User.Company.Id));
        Assert.Equal(session.User, await nobody.WithToken(session.Token).GetCurrentSessionAsync(ct));
        Assert.Equal(session.User, (await nobody.SignInAsync(email, Password, ct)).User);
        Assert.Empty((await owner.ListInvitationsAsync(null, null, ct)).Data);

        var log = (await company.Client.ListAuditLogAsync(new(), ct)).Data;
        Assert.Equal([("user.joined", session.User.Id), ("invitation.created", company.UserId)], log.Select(e => (e.Action, e.Actor.Id)));
        Assert.DoesNotContain(log, e => e.Details.GetRawText().Contains(invitation.Token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Of_many_who_use_one_token_at_once_one_joins()
    {
        var company = await platform.NewCompanyAsync();
        var invitation = await company.Client.CreateInvitationAsync(new() { Email = email, Role = "viewer" }, ct);
        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(async i =>
        {
            using var http = platform.CreateClient();
            using var answer = await http.SendAsync("POST", "/api/v1/invitations/accept", $$"""{"token":"{{invitation.Token}}","name":"Kim {{i}}","password":"{{Password}}"}""", ct);
            return answer.StatusCode;
        }));

        Assert.Single(tries, HttpStatusCode.Created);
        Assert.Equal(7, tries.Count(status => status == HttpStatusCode.BadRequest));
        Assert.Equal(2, (await company.Client.ListUsersAsync(null, null, ct)).Data.Count);
    }

    [Fact]
    public async Task A_token_that_is_used_revoked_replaced_or_too_old_and_an_unknown_one_get_the_same_answer()
    {
        var company = await platform.NewCompanyAsync();
        var replaced = await company.Client.CreateInvitationAsync(new() { Email = email, Role = "owner" }, ct);
        var used = await company.Client.CreateInvitationAsync(new() { Email = email, Role = "viewer" }, ct);
        await company.Client.AcceptInvitationAsync(new() { Token = used.Token, Name = "Kim", Password = Password }, ct);
        var revoked = await company.Client.CreateInvitationAsync(new() { Email = "a" + email, Role = "viewer" }, ct);
        await company.Client.RevokeInvitationAsync(revoked.Id, ct);
        await company.Client.RevokeInvitationAsync(revoked.Id, ct);
        var old = await company.Client.CreateInvitationAsync(new() { Email = "b" + email, Role = "viewer" }, ct);
        await using (var db = platform.Database())
        {
            var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
            await db.Invitations.Where(i => i.Id == old.Id).ExecuteUpdateAsync(set => set.SetProperty(i => i.ExpiresAt, past), ct);
        }

        foreach (var token in new[] { replaced.Token, used.Token, revoked.Token, old.Token, "join_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG" })
        {
            await RefusedAsync(token, ct);
        }

        Assert.Equal([old.Id], (await company.Client.ListInvitationsAsync(null, null, ct)).Data.Select(i => i.Id));
        Assert.Equal("already_member", (await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.CreateInvitationAsync(new() { Email = email, Role = "viewer" }, ct))).Error.Code);
    }

    [Fact]
    public async Task That_an_address_has_an_account_with_another_company_does_not_show()
    {
        var (company, other) = (await platform.NewCompanyAsync(), await platform.NewCompanyAsync());
        var taken = await company.Client.CreateInvitationAsync(new() { Email = other.Email, Role = "member" }, ct);
        var free = await company.Client.CreateInvitationAsync(new() { Email = email, Role = "member" }, ct);

        Assert.Equal(free with { Id = taken.Id, Email = taken.Email, Token = taken.Token, CreatedAt = taken.CreatedAt, ExpiresAt = taken.ExpiresAt }, taken);
        Assert.Equal(other.Email, (await company.Client.LookupInvitationAsync(taken.Token, ct)).Email);
        // As if it had run out; and it is as open as before.
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.AcceptInvitationAsync(new() { Token = taken.Token, Name = "Kim", Password = Password }, ct));
        Assert.Equal((HttpStatusCode.BadRequest, "invitation_invalid"), (e.Status, e.Error.Code));
        Assert.Equal(2, (await company.Client.ListInvitationsAsync(null, null, ct)).Data.Count);
        await other.Client.SignInAsync(other.Email, other.Password, ct);
    }

    [Theory]
    [InlineData("""{"role":"member"}""", "email")]
    [InlineData("""{"email":"nonsense","role":"member"}""", "email")]
    [InlineData("""{"email":"a b@example.com","role":"member"}""", "email")]
    [InlineData("""{"email":"a@b@example.com","role":"member"}""", "email")]
    [InlineData("""{"email":"a@example..com","role":"member"}""", "email")]
    [InlineData("""{"email":"a\u0007@example.com","role":"member"}""", "email")]
    [InlineData("""{"email":"kim@example.com"}""", "role")]
    [InlineData("""{"email":"kim@example.com","role":"admin"}""", "role")]
    [InlineData("""{"email":"kim@example.com","role":"member","name":""}""", "name")]
    public async Task A_request_that_is_wrong_is_told_what_to_change(string body, string param)
    {
        var company = await platform.NewCompanyAsync();
        using var http = company.CreateHttp();
        using var answer = await http.SendAsync("POST", "/api/v1/invitations", body, ct);

        Assert.Equal(param, (await answer.ErrorAsync(HttpStatusCode.BadRequest, ct)).Param);
    }

    [Theory]
    [InlineData("elevenchars", "invalid_parameter")]
    [InlineData("password1234", "password_too_common")]
    public async Task A_weak_password_is_refused_and_uses_nothing_up(string password, string code)
    {
        var company = await platform.NewCompanyAsync();
        var invitation = await company.Client.CreateInvitationAsync(new() { Email = email, Role = "viewer" }, ct);
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.AcceptInvitationAsync(new() { Token = invitation.Token, Name = "Kim", Password = password }, ct));

        Assert.Equal((code, "password"), (e.Error.Code, e.Error.Param));
        await company.Client.AcceptInvitationAsync(new() { Token = invitation.Token, Name = "Kim", Password = new string('é', 127) + "!" }, ct);
    }

    [Fact]
    public async Task A_company_has_so_many_open_invitations_at_most()
    {
        var company = await platform.NewCompanyAsync();
        await using (var db = platform.Database())
        {
            var now = TimeProvider.System.GetUtcNow();
            db.AddRange(Enumerable.Range(0, 200).Select(i => new Invitation(company.CompanyId, company.UserId, $"{i}{email}", null, UserRole.Viewer, Guid.NewGuid().ToByteArray(), now, TimeSpan.FromDays(7))));
            await db.SaveChangesAsync(ct);
        }

        Assert.Equal("too_many", (await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.CreateInvitationAsync(new() { Email = email, Role = "viewer" }, ct))).Error.Code);
        // One that takes another's place is none more.
        await company.Client.CreateInvitationAsync(new() { Email = $"0{email}", Role = "viewer" }, ct);
        var page = await company.Client.ListInvitationsAsync(100, null, ct);
        Assert.Equal((100, true), (page.Data.Count, page.HasMore));
        Assert.Equal((100, false), await company.Client.ListInvitationsAsync(100, page.NextCursor, ct) is var last ? (last.Data.Count, last.HasMore) : default);
    }

    private async Task RefusedAsync(string token, CancellationToken ct)
    {
        var nobody = new PlatformClient(platform.CreateClient());
        var look = await Assert.ThrowsAsync<PlatformApiException>(() => nobody.LookupInvitationAsync(token, ct));
        var accept = await Assert.ThrowsAsync<PlatformApiException>(() => nobody.AcceptInvitationAsync(new AcceptInvitationRequest { Token = token, Name = "Kim", Password = Password }, ct));

        Assert.Equal((HttpStatusCode.BadRequest, "invitation_invalid", "token"), (accept.Status, accept.Error.Code, accept.Error.Param));
        Assert.Equal(accept.Error with { RequestId = "" }, look.Error with { RequestId = "" });
    }
}
