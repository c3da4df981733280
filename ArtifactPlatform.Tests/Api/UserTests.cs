using System.Net;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Auth;
using ArtifactPlatform.Core.Companies;
using ArtifactPlatform.Core.Secrets;
using ArtifactPlatform.Core.Users;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Api;

/// <summary>Who belongs to a company, and as what.</summary>
public sealed class UserTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_role_is_in_force_from_the_next_request_on()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Viewer);
        var theirs = await company.SignInAsync(person, ct);
        await Assert.ThrowsAsync<PlatformApiException>(() => theirs.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct));

        var changed = await company.Client.PatchUserAsync(person.Id, new() { Role = "member", Name = "Kim" }, ct);
        await theirs.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        await company.Client.PatchUserAsync(person.Id, new() { Role = "member" }, ct);

        Assert.Equal(("member", "Kim"), (changed.Role, changed.Name));
        Assert.NotNull(changed.LastSignInAt);
        Assert.Equal(["user.renamed", "user.role_changed"], (await company.Client.ListAuditLogAsync(null, person.Id, null, null, ct)).Data.Select(e => e.Action).Order());
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => company.Client.PatchUserAsync(person.Id, new() { Role = "boss" }, ct));
        Assert.Equal((HttpStatusCode.BadRequest, "role"), (e.Status, e.Error.Param));
    }

    [Fact]
    public async Task With_a_person_go_their_sessions_keys_and_invitations_and_what_they_made_stays()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Owner);
        var theirs = await company.SignInAsync(person, ct);
        var key = await theirs.CreateApiKeyAsync(new() { Name = "theirs", Scopes = ["artifacts:read"] }, ct);
        var invitation = await theirs.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "owner" }, ct);
        var artifact = await theirs.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        Assert.Equal(1, (await company.Client.ListUsersAsync(null, null, ct)).Data.Single(u => u.Id == person.Id).LiveApiKeys);

        await company.Client.RemoveUserAsync(person.Id, ct);

        await RefusedAsync(() => theirs.ListArtifactsAsync(new(), ct), "token_revoked");
        await RefusedAsync(() => company.Client.WithToken(key.Key).ListArtifactsAsync(new(), ct), "token_revoked");
        await RefusedAsync(() => company.Client.LookupInvitationAsync(invitation.Token, ct), "invitation_invalid");
        await RefusedAsync(() => company.SignInAsync(person, ct), "sign_in_failed");
        await RefusedAsync(() => company.Client.RemoveUserAsync(person.Id, ct), "user_not_found");
        await RefusedAsync(() => company.Client.PatchUserAsync(person.Id, new() { Role = "member" }, ct), "user_not_found");
        Assert.Equal([company.UserId], (await company.Client.ListUsersAsync(null, null, ct)).Data.Select(u => u.Id));
        Assert.Equal("Test Owner", (await company.Client.GetArtifactAsync(artifact.ArtifactId, ct)).CreatedBy?.Name);
        Assert.Equal(["user.removed"], (await company.Client.ListAuditLogAsync(null, person.Id, null, null, ct)).Data.Select(e => e.Action));
        Assert.Equal(["api_key.revoked", "api_key.created"], (await company.Client.ListAuditLogAsync(null, key.Id, null, null, ct)).Data.Select(e => e.Action));

        // The address is free again.
        var again = await company.Client.CreateInvitationAsync(new() { Email = person.Email, Role = "viewer" }, ct);
        Assert.NotEqual(person.Id, (await company.Client.AcceptInvitationAsync(new() { Token = again.Token, Name = "Kim", Password = "seven quiet otters" }, ct)).User.Id);
    }

    [Fact]
    public async Task A_session_or_key_that_was_made_while_its_maker_was_removed_is_refused_too()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Owner);
        await company.Client.RemoveUserAsync(person.Id, ct);
        var now = TimeProvider.System.GetUtcNow();
        var (key, session) = (SecretToken.New(SecretToken.ApiKeyPrefix), SecretToken.New(SecretToken.SessionPrefix));
        await using var db = platform.Database();
        db.Add(new ApiKey(company.CompanyId, person.Id, "late", key, ["artifacts:read"], now));
        db.Add(new Session(person.Id, company.CompanyId, SecretToken.Hash(session), now, TimeSpan.FromHours(1), ""));
        await db.SaveChangesAsync(ct);

        await RefusedAsync(() => company.Client.WithToken(key).ListArtifactsAsync(new(), ct), "token_revoked");
        await RefusedAsync(() => company.Client.WithToken(session).ListArtifactsAsync(new(), ct), "token_revoked");
    }

    [Fact]
    public async Task A_key_does_no_more_than_its_maker_may_do_now()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Owner);
        var theirs = await company.SignInAsync(person, ct);
        var made = await theirs.CreateApiKeyAsync(new() { Name = "theirs", Scopes = [.. Scopes.All] }, ct);
        var key = company.Client.WithToken(made.Key);
        await key.ListUsersAsync(null, null, ct);

        await company.Client.PatchUserAsync(person.Id, new() { Role = "viewer" }, ct);

        await RefusedAsync(() => key.PatchUserAsync(person.Id, new() { Role = "owner" }, ct), "scope_missing");
        await RefusedAsync(() => key.CreateApiKeyAsync(new() { Name = "more", Scopes = ["admin"] }, ct), "scope_missing");
        await RefusedAsync(() => key.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct), "scope_missing");
        await key.ListArtifactsAsync(new(), ct);
        await using (var replica = await platform.StartApiAsync([], ct: ct))
        {
            await RefusedAsync(() => new PlatformClient(replica.CreateClient(), made.Key).ListUsersAsync(null, null, ct), "scope_missing");
        }

        Assert.Equal(Scopes.All, (await company.Client.ListApiKeysAsync(null, null, ct)).Data.Single(k => k.Id == made.Id).Scopes);
        await company.Client.PatchUserAsync(person.Id, new() { Role = "member" }, ct);
        await key.CreateUploadAsync(new() { Name = "a.mp4", Type = ArtifactType.Video }, ct);
        await RefusedAsync(() => key.ListUsersAsync(null, null, ct), "scope_missing");
    }

    [Fact]
    public async Task With_the_role_of_owner_go_the_invitations_that_were_made_in_it()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Owner);
        var theirs = await company.SignInAsync(person, ct);
        var invitation = await theirs.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "owner" }, ct);
        var kept = await company.Client.CreateInvitationAsync(new() { Email = $"{Guid.NewGuid():N}@example.com", Role = "viewer" }, ct);

        await company.Client.PatchUserAsync(person.Id, new() { Role = "member" }, ct);

        await RefusedAsync(() => AcceptAsync(invitation.Token), "invitation_invalid");
        Assert.Equal([kept.Id], (await company.Client.ListInvitationsAsync(null, null, ct)).Data.Select(i => i.Id));
        var entry = Assert.Single((await company.Client.ListAuditLogAsync("user.role_changed", person.Id, null, null, ct)).Data);
        Assert.Equal(1, entry.Details.GetProperty("invitations").GetInt32());

        // One that was made in the moment of the change, and so is not revoked.
        var late = SecretToken.New(SecretToken.InvitationPrefix);
        await using var db = platform.Database();
        db.Add(new Invitation(company.CompanyId, person.Id, $"{Guid.NewGuid():N}@example.com", null, UserRole.Owner, SecretToken.Hash(late), TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(7)));
        await db.SaveChangesAsync(ct);
        await RefusedAsync(() => company.Client.LookupInvitationAsync(late, ct), "invitation_invalid");
        await RefusedAsync(() => AcceptAsync(late), "invitation_invalid");

        Task AcceptAsync(string token) => company.Client.AcceptInvitationAsync(new() { Token = token, Name = "Kim", Password = "seven quiet otters" }, ct);
    }

    [Fact]
    public async Task The_last_owner_stays_one_whoever_asks_and_however_many_at_once()
    {
        var company = await platform.NewCompanyAsync();
        await RefusedAsync(() => company.Client.PatchUserAsync(company.UserId, new() { Role = "member" }, ct), "last_owner");
        await RefusedAsync(() => company.Client.RemoveUserAsync(company.UserId, ct), "last_owner");

        for (var round = 0; round < 3; round++)
        {
            var first = await platform.NewCompanyAsync();
            var other = await first.AddPersonAsync(UserRole.Owner);
            var asks = new[] { await first.SignInAsync(ct), await first.SignInAsync(other, ct) };
            await Task.WhenAll(asks.SelectMany(client => new[] { (first.UserId, "viewer"), (other.Id, "member") }.Select(change => TryAsync(() => client.PatchUserAsync(change.Item1, new() { Role = change.Item2 }, ct)))));

            await using var db = platform.Database();
            Assert.Equal(1, await db.Users.CountAsync(u => u.CompanyId == first.CompanyId && u.Role == UserRole.Owner && u.RemovedAt == null, ct));
        }

        static async Task TryAsync(Func<Task> change)
        {
            try
            {
                await change();
            }
            catch (PlatformApiException e) when (e.Error.Code is "last_owner" or "scope_missing")
            {
                // The latter: whoever asks has just been made less themselves.
            }
        }
    }

    [Fact]
    public async Task A_request_that_was_held_open_until_its_caller_was_no_owner_any_more_changes_nobody()
    {
        var company = await platform.NewCompanyAsync();
        var person = await company.AddPersonAsync(UserRole.Owner);
        var theirs = await company.SignInAsync(person, ct);
        await using var db = platform.Database();
        await using var demotion = await db.Database.BeginTransactionAsync(ct);
        await db.LockPeopleAsync(company.CompanyId, ct);
        var held = new Func<Task>[] { () => theirs.PatchUserAsync(person.Id, new() { Role = "owner", Name = "Again" }, ct), () => theirs.RemoveUserAsync(company.UserId, ct) }.Select(call => RefusedAsync(call, "scope_missing")).ToList();
        var holder = await db.Database.SqlQuery<int>($"select pg_backend_pid() as \"Value\"").SingleAsync(ct);
        await using var look = platform.Database();
        // Other tests' requests wait for locks too: only those count that wait for this one's, or behind one that does.
        await Eventually.TrueAsync(
            async () => await look.Database.SqlQuery<int>(
                $"""
                with recursive waiting(pid) as (select {holder} union select a.pid from pg_stat_activity a join waiting w on w.pid = any(pg_blocking_pids(a.pid)))
                select count(*)::int - 1 as "Value" from waiting
                """).SingleAsync(ct) >= 2,
            () => $"both requests to wait\n{platform.LogsAbout(company.CompanyId)}");
        await db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, UserRole.Viewer), ct);
        await demotion.CommitAsync(ct);
        await Task.WhenAll(held);

        Assert.Equal([(person.Id, "viewer", "Test Owner"), (company.UserId, "owner", "Test Owner")], (await company.Client.ListUsersAsync(null, null, ct)).Data.Select(u => (u.Id, u.Role, u.Name)));
    }

    [Fact]
    public async Task Changing_the_password_ends_the_other_sessions_and_not_this_one()
    {
        var company = await platform.NewCompanyAsync();
        var (mine, other) = (await company.SignInAsync(ct), await company.SignInAsync(ct));

        await mine.ChangePasswordAsync(company.Password, "seven quiet otters", ct);

        await mine.GetCurrentSessionAsync(ct);
        await RefusedAsync(() => other.GetCurrentSessionAsync(ct), "token_revoked");
        await RefusedAsync(() => company.SignInAsync(ct), "sign_in_failed");
        await company.Client.SignInAsync(company.Email, "seven quiet otters", ct);
        var entry = Assert.Single((await company.Client.ListAuditLogAsync("user.password_changed", null, null, null, ct)).Data);
        Assert.Equal((company.UserId, 1), (entry.SubjectId, entry.Details.GetProperty("sessionsEnded").GetInt32()));
    }

    [Fact]
    public async Task A_wrong_current_password_counts_like_one_at_sign_in()
    {
        var company = await platform.NewCompanyAsync();
        var mine = await company.SignInAsync(ct);
        await RefusedAsync(() => mine.ChangePasswordAsync(company.Password, "too short", ct), "invalid_parameter");
        await RefusedAsync(() => mine.ChangePasswordAsync(company.Password, company.Email, ct), "password_too_common");
        await RefusedAsync(() => mine.ChangePasswordAsync(company.Password, company.Password, ct), "password_unchanged");
        for (var i = 0; i < 5; i++)
        {
            await RefusedAsync(() => mine.ChangePasswordAsync("wrong", "seven quiet otters", ct), "current_password_wrong");
        }

        await RefusedAsync(() => mine.ChangePasswordAsync(company.Password, "seven quiet otters", ct), "current_password_wrong");
        await RefusedAsync(() => company.SignInAsync(ct), "sign_in_failed");
        var entry = Assert.Single((await company.Client.ListAuditLogAsync("user.locked", null, null, null, ct)).Data);
        Assert.Equal((company.UserId, 5), (entry.SubjectId, entry.Details.GetProperty("tries").GetInt32()));
        // Whoever tried, nobody has shown to be this person.
        Assert.Equal(new AuditActor(AuditActorType.Platform, "lockout", null), entry.Actor);
        Assert.NotNull(Assert.Single((await company.Client.ListUsersAsync(null, null, ct)).Data).LockedUntil);
    }

    [Fact]
    public async Task One_changes_ones_own_name_and_nothing_else()
    {
        var company = await platform.NewCompanyAsync();
        var theirs = await company.SignInAsync(await company.AddPersonAsync(UserRole.Viewer), ct);
        Assert.Equal(("Kim Doe", "viewer"), await theirs.PatchMeAsync(new() { Name = "Kim Doe" }, ct) is var me ? (me.Name, me.Role) : default);
        Assert.Equal("Kim Doe", (await theirs.GetCurrentSessionAsync(ct)).Name);
        await RefusedAsync(() => theirs.PatchMeAsync(new PatchMeRequest { Name = "a\nb" }, ct), "invalid_parameter");
    }

    [Fact]
    public async Task People_are_paged()
    {
        var company = await platform.NewCompanyAsync();
        var people = new[] { (await company.AddPersonAsync(UserRole.Member)).Id, (await company.AddPersonAsync(UserRole.Viewer)).Id };
        var first = await company.Client.ListUsersAsync(2, null, ct);
        var second = await company.Client.ListUsersAsync(2, first.NextCursor, ct);

        Assert.Equal([.. people.Reverse(), company.UserId], first.Data.Concat(second.Data).Select(u => u.Id));
        Assert.Equal((true, false), (first.HasMore, second.HasMore));
        await RefusedAsync(() => company.Client.ListUsersAsync(2, "none", ct), "invalid_cursor");
    }

    private static async Task RefusedAsync(Func<Task> call, string code) => Assert.Equal(code, (await Assert.ThrowsAsync<PlatformApiException>(call)).Error.Code);
}
