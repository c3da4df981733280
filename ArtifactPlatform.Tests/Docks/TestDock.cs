using System.Security.Cryptography;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>A dock with a machine that deposits in it.</summary>
public sealed record TestDock(Platform Platform, TestCompany Company, DockObject Dock, CreatedMachineClient Machine, string Token)
{
    public string Id => Dock.Id;

    /// <summary>The dock as its machine sees it.</summary>
    public DockArtifactCalls AsMachine { get; } = new PlatformClient(Platform.CreateClient(), Token).MachineDockArtifacts(Dock.Id);

    /// <summary>The dock as an API key of the company sees it.</summary>
    public DockArtifactCalls AsKey { get; } = Company.Client.DockArtifacts(Dock.Id);

    public static string HashOf(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";

    /// <summary>Bytes that no other test has.</summary>
    public static byte[] Content(int length = 1000) => RandomNumberGenerator.GetBytes(length);

    public async Task<DockArtifactObject> DepositAsync(CreateDockArtifactRequest request, byte[] content, CancellationToken ct)
    {
        using var body = new MemoryStream(content);
        return await AsMachine.DepositAsync(request, body, ct);
    }

    /// <summary>Waits until the artifact has ended, well or badly.</summary>
    public Task<DockArtifactObject> EndedAsync(string artifactId, CancellationToken ct)
    {
        DockArtifactObject? last = null;
        return Eventually.GetAsync(
            async () =>
            {
                try
                {
                    last = await AsKey.GetAsync(artifactId, ct);
                }
                catch (PlatformApiException e) when (e.RetryAfter is { } wait)
                {
                    // Many wait at once, with one key.
                    await Task.Delay(wait, ct);
                    return null;
                }

                return last.Status is ArtifactStatus.UploadCompleted or ArtifactStatus.UploadFailed ? last : null;
            },
            () => $"dock artifact {artifactId} to end; it is {last?.Status}\n{Platform.LogsAbout(artifactId)}");
    }

    /// <summary>Deposits and waits until it is completed.</summary>
    public async Task<DockArtifactObject> CompletedAsync(CreateDockArtifactRequest request, byte[] content, CancellationToken ct)
    {
        var ended = await EndedAsync((await DepositAsync(request, content, ct)).Id, ct);
        Assert.True(ended.Status == ArtifactStatus.UploadCompleted, $"{ended.ErrorCode}: {ended.ErrorMessage}\n{Platform.LogsAbout(ended.Id)}");
        return ended;
    }

    /// <summary>What stands in the store for an artifact: its own prefix and the upload area.</summary>
    public async Task<IReadOnlyList<string>> ObjectsOfAsync(string artifactId) => [.. await Platform.ObjectsAsync($"docks/{artifactId}/"), .. await Platform.ObjectsAsync($"incoming/{artifactId}/")];

    /// <summary>The code of the error that a call must end with.</summary>
    public static async Task<string> CodeAsync(Func<Task> call) => (await Assert.ThrowsAsync<PlatformApiException>(call)).Error.Code;
}

public static class NewDocks
{
    /// <param name="scopes">The machine's; both when left out.</param>
    public static async Task<TestDock> NewDockAsync(this TestCompany company, CancellationToken ct, long? maxSizeBytes = null, params string[] scopes)
    {
        var dock = await company.Client.CreateDockAsync(new() { Name = "Radiology", MaxSizeBytes = maxSizeBytes }, ct);
        var machine = await company.Client.CreateMachineClientAsync(dock.Id, new() { Name = "EHR", Scopes = scopes is [] ? ["artifacts:read", "artifacts:write"] : scopes }, ct);
        var token = await company.Client.GetTokenAsync(machine.ClientId, machine.ClientSecret, null, ct);
        return new TestDock(company.Platform, company, dock, machine, token.AccessToken);
    }
}
