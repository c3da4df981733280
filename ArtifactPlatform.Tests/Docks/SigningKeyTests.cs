using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Secrets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>How the keys of access tokens come and go, in a database of the test's own whose clock it sets.</summary>
public sealed class SigningKeyTests(Platform platform) : IClassFixture<StartedPlatform>, IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 1, 12, 12, 0, 0, TimeSpan.Zero);

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;
    private readonly string name = $"signing_{Guid.NewGuid():N}";
    private readonly SecretBox secrets = new(new EphemeralDataProtectionProvider());
    private Databases databases = null!;

    public async ValueTask InitializeAsync()
    {
        await RunAsync($"create database {name} owner artifacts");
        var connection = new NpgsqlConnectionStringBuilder(await platform.App.GetConnectionStringAsync("artifactdb", ct)) { Database = name, Pooling = false };
        databases = new(new DbContextOptionsBuilder<PlatformDb>().UseNpgsql(connection.ConnectionString).UseSnakeCaseNamingConvention().Options);
        await new Migrator(databases, TimeProvider.System, NullLogger<Migrator>.Instance).MigrateAsync(ct);
    }

    public async ValueTask DisposeAsync() => await RunAsync($"drop database if exists {name} with (force)");

    [Fact]
    public async Task Replicas_that_find_no_key_agree_on_one_that_signs_at_once()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => KeysAt(TimeSpan.Zero).CurrentAsync(ct)));

        Assert.Single(found.Select(k => k.Id).Distinct());
        Assert.DoesNotContain("PRIVATE", found[0].ProtectedKey, StringComparison.Ordinal);
        using var rsa = KeysAt(TimeSpan.Zero).Open(found[0]);
        Assert.Equal(found[0].PublicKey, rsa.ExportSubjectPublicKeyInfoPem());
    }

    [Fact]
    public async Task A_new_key_is_published_before_it_signs_and_the_old_one_stays_while_its_tokens_live()
    {
        var old = await KeysAt(TimeSpan.Zero).CurrentAsync(ct);
        var fresh = await KeysAt(TimeSpan.FromMinutes(1)).RotateAsync(ct);
        var switched = TimeSpan.FromMinutes(1) + SigningKeys.Lead;

        Assert.Equal((old.Id, 2), await StateAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal((old.Id, 2), await StateAsync(switched - TimeSpan.FromSeconds(1)));
        Assert.Equal((fresh.Id, 2), await StateAsync(switched));
        Assert.Equal((fresh.Id, 2), await StateAsync(switched + AccessTokens.Lifetime));
        Assert.Equal((fresh.Id, 1), await StateAsync(switched + SigningKeys.KeptAfter));
    }

    [Fact]
    public async Task A_key_that_is_too_old_is_replaced_once_however_many_replicas_notice()
    {
        var old = await KeysAt(TimeSpan.Zero).CurrentAsync(ct);
        Assert.Equal((old.Id, 1), await StateAsync(TimeSpan.FromDays(89)));

        var noticed = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => KeysAt(TimeSpan.FromDays(90)).CurrentAsync(ct)));

        Assert.All(noticed, k => Assert.Equal(old.Id, k.Id));
        await using var db = databases.CreateDbContext();
        Assert.Equal(2, await db.SigningKeys.CountAsync(ct));
        Assert.NotEqual(old.Id, (await StateAsync(TimeSpan.FromDays(90) + SigningKeys.Lead)).Signs);
        await KeysAt(TimeSpan.FromDays(91)).RotateAsync(ct);
        // What nobody can need any more is gone, private half and all.
        Assert.False(await db.SigningKeys.AnyAsync(k => k.Id == old.Id, ct));
    }

    private async Task RunAsync(string sql)
    {
        await using var admin = new NpgsqlConnection($"{await platform.App.GetConnectionStringAsync("postgres", CancellationToken.None)};Database=postgres");
        await admin.OpenAsync();
        await using var command = new NpgsqlCommand(sql, admin);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<(string Signs, int Published)> StateAsync(TimeSpan after)
    {
        var keys = KeysAt(after);
        return ((await keys.CurrentAsync(ct)).Id, (await keys.PublishedAsync(ct)).Count);
    }

    /// <summary>One replica, at some time behind the start.</summary>
    private SigningKeys KeysAt(TimeSpan after) => new(databases, secrets, new SetClock(Start + after));

    private sealed class SetClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }

    private sealed class Databases(DbContextOptions<PlatformDb> options) : IDbContextFactory<PlatformDb>
    {
        public PlatformDb CreateDbContext() => new(options);
    }
}
