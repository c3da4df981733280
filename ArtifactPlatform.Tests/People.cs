using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Core.Companies;
using Microsoft.AspNetCore.Identity;

namespace ArtifactPlatform.Tests;

/// <summary>A person of a test's company.</summary>
public sealed record TestPerson(string Id, string Email, string Password);

public static class People
{
    /// <summary>Another person, as if they had joined.</summary>
    public static async Task<TestPerson> AddPersonAsync(this TestCompany company, UserRole role)
    {
        var user = new User(company.CompanyId, $"{Guid.NewGuid():N}@example.com", $"Test {role}", role, TimeProvider.System.GetUtcNow());
        var password = $"password-{Guid.NewGuid():N}";
        user.SetPasswordHash(new PasswordHasher<User>().HashPassword(user, password));
        await using var db = company.Platform.Database();
        db.Add(user);
        await db.SaveChangesAsync();
        return new TestPerson(user.Id, user.Email, password);
    }

    /// <summary>The owner, signed in.</summary>
    public static Task<PlatformClient> SignInAsync(this TestCompany company, CancellationToken ct) => company.SignInAsync(new TestPerson(company.UserId, company.Email, company.Password), ct);

    public static async Task<PlatformClient> SignInAsync(this TestCompany company, TestPerson person, CancellationToken ct) =>
        company.Client.WithToken((await company.OpenSessionAsync(person, ct)).Token);

    public static Task<SessionCreated> OpenSessionAsync(this TestCompany company, TestPerson person, CancellationToken ct) => company.Client.SignInAsync(person.Email, person.Password, ct);
}
