using System.Diagnostics;
using System.Net;
using ArtifactPlatform.Client;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

public sealed class SessionTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_lasts_from_sign_in_to_sign_out()
    {
        var company = await platform.NewCompanyAsync();
        var session = await company.Client.SignInAsync($" {company.Email.ToUpperInvariant()} ", company.Password, ct);
        var client = new PlatformClient(platform.CreateClient(), session.Token);

        Assert.StartsWith("ses_", session.Token, StringComparison.Ordinal);
        Assert.InRange((session.ExpiresAt - TimeProvider.System.GetUtcNow()).TotalHours, 11.9, 12.1);
        Assert.Equal(session.User, await client.GetCurrentSessionAsync(ct));
        Assert.Equal((company.UserId, company.Email, "owner", company.CompanyId), (session.User.Id, session.User.Email, session.User.Role, session.User.Company.Id));

        await client.SignOutAsync(ct);
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => client.GetCurrentSessionAsync(ct));
        Assert.Equal((HttpStatusCode.Unauthorized, "token_revoked"), (e.Status, e.Error.Code));
    }

    [Fact]
    public async Task A_session_ends_by_itself()
    {
        var company = await platform.NewCompanyAsync();
        var session = await company.Client.SignInAsync(company.Email, company.Password, ct);
        await using var db = platform.Database();
        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await db.Sessions.Where(s => s.UserId == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(s => s.ExpiresAt, past), ct);
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => new PlatformClient(platform.CreateClient(), session.Token).GetCurrentSessionAsync(ct));

        Assert.Equal((HttpStatusCode.Unauthorized, "token_expired"), (e.Status, e.Error.Code));
    }

    [Fact]
    public async Task Tokens_are_stored_as_hashes_only()
    {
        var company = await platform.NewCompanyAsync();
        var session = await company.Client.SignInAsync(company.Email, company.Password, ct);
        await using var db = platform.Database();
        var rows = await db.Database.SqlQuery<string>($"select row_to_json(s)::text || row_to_json(k)::text || row_to_json(u)::text as \"Value\" from sessions s join users u on u.id = s.user_id join api_keys k on k.user_id = u.id where u.id = {company.UserId}").ToListAsync(ct);

        Assert.All([session.Token, company.ApiKey, company.Password], secret => Assert.DoesNotContain(secret, Assert.Single(rows), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_for_15_minutes_and_a_right_one_resets_the_count()
    {
        var company = await platform.NewCompanyAsync();
        for (var i = 0; i < 4; i++)
        {
            await FailAsync(company.Email, "wrong");
        }

        await company.Client.SignInAsync(company.Email, company.Password, ct);
        for (var i = 0; i < 5; i++)
        {
            await FailAsync(company.Email, "wrong");
        }

        await FailAsync(company.Email, company.Password);
        await using var db = platform.Database();
        var until = await db.Users.Where(u => u.Id == company.UserId).Select(u => u.LockedUntil).SingleAsync(ct);
        Assert.InRange((until - TimeProvider.System.GetUtcNow())?.TotalMinutes ?? 0, 14, 15);

        var past = TimeProvider.System.GetUtcNow().AddSeconds(-1);
        await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.LockedUntil, past), ct);
        await FailAsync(company.Email, "wrong");
        await company.Client.SignInAsync(company.Email, company.Password, ct);
    }

    [Fact]
    public async Task Right_passwords_in_a_burst_all_succeed_and_nothing_is_said_of_a_lock()
    {
        var company = await platform.NewCompanyAsync();
        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => company.Client.SignInAsync(company.Email, company.Password, ct)));
        // With one try left they take turns.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => FailAsync(company.Email, "wrong")));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => company.Client.SignInAsync(company.Email, company.Password, ct)));

        Assert.Empty((await company.Client.ListAuditLogAsync(new(), ct)).Data);
        await using var db = platform.Database();
        Assert.Equal((0, 0, null), await db.Users.Where(u => u.Id == company.UserId).Select(u => new { u.FailedLogins, u.OpenTries, u.LockedUntil }).SingleAsync(ct) is var found ? (found.FailedLogins, found.OpenTries, found.LockedUntil) : default);
    }

    [Fact]
    public async Task Tries_of_a_process_that_died_stand_in_the_way_for_a_minute_at_most()
    {
        var company = await platform.NewCompanyAsync();
        await using var db = platform.Database();
        var soon = TimeProvider.System.GetUtcNow().AddSeconds(1);
        await db.Users.Where(u => u.Id == company.UserId).ExecuteUpdateAsync(set => set.SetProperty(u => u.OpenTries, 5).SetProperty(u => u.OpenTriesUntil, soon), ct);

        await company.Client.SignInAsync(company.Email, company.Password, ct);
        Assert.InRange(TimeProvider.System.GetUtcNow(), soon, soon.AddMinutes(1));
    }

    [Fact]
    public async Task Guessing_in_parallel_gets_no_more_tries()
    {
        var company = await platform.NewCompanyAsync();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => FailAsync(company.Email, "wrong")));
        await using var db = platform.Database();
        var failures = await db.Users.Where(u => u.Id == company.UserId).Select(u => u.FailedLogins).SingleAsync(ct);

        Assert.Equal(5, failures);
        await FailAsync(company.Email, company.Password);
        Assert.Single((await company.Client.ListAuditLogAsync("user.locked", null, null, null, ct)).Data);
    }

    [Fact]
    public async Task An_unknown_address_answers_like_a_wrong_password_and_takes_as_long()
    {
        var company = await platform.NewCompanyAsync();
        Assert.Equal(await FailAsync($"{Guid.NewGuid():N}@example.com", "wrong"), await FailAsync(company.Email, "wrong"));

        var (known, unknown) = (new List<double>(), new List<double>());
        // The shortest of each say how long it takes; on a busy machine more tries are needed to meet them.
        for (var i = 0; i < 4 || (i < 20 && !IsAlike()); i++)
        {
            var other = await platform.NewCompanyAsync();
            known.Add(await TimeAsync(other.Email));
            unknown.Add(await TimeAsync($"{Guid.NewGuid():N}@example.com"));
        }

        Assert.True(IsAlike(), $"{unknown.Min()} ms for an unknown address, {known.Min()} ms for a known one");

        // Without a password to compare with, the answer would come some 30 times sooner.
        bool IsAlike() => unknown.Min() / known.Min() is >= 0.3 and <= 3;

        async Task<double> TimeAsync(string email)
        {
            var watch = Stopwatch.StartNew();
            await FailAsync(email, "wrong");
            return watch.Elapsed.TotalMilliseconds;
        }
    }

    private async Task<string> FailAsync(string email, string password)
    {
        var client = new PlatformClient(platform.CreateClient());
        var e = await Assert.ThrowsAsync<PlatformApiException>(() => client.SignInAsync(email, password, ct));
        Assert.Equal((HttpStatusCode.Unauthorized, "sign_in_failed"), (e.Status, e.Error.Code));
        return e.Error.Message;
    }
}
