using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Docks;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>The company's docks, newest first.</summary>
    public Task<Page<DockObject>> ListDocksAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<DockObject>>($"docks{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    public Task<DockObject> GetDockAsync(string dockId, CancellationToken ct) => GetAsync<DockObject>(DockPath(dockId), ct);

    public Task<DockObject> CreateDockAsync(CreateDockRequest request, CancellationToken ct) => SendAsync<DockObject>(HttpMethod.Post, "docks", request, ct);

    /// <summary>Changes name or size limit.</summary>
    public Task<DockObject> PatchDockAsync(string dockId, PatchDockRequest request, CancellationToken ct) =>
        SendAsync<DockObject>(HttpMethod.Patch, DockPath(dockId), request, ct);

    /// <summary>Removes an empty dock and its machine clients.</summary>
    /// <exception cref="PlatformApiException">409 <c>dock_not_empty</c>: it holds artifacts.</exception>
    public async Task DeleteDockAsync(string dockId, CancellationToken ct) => (await SendAsync(HttpMethod.Delete, DockPath(dockId), body: null, ct)).Dispose();

    /// <summary>The dock's machine clients, newest first.</summary>
    public Task<Page<MachineClientObject>> ListMachineClientsAsync(string dockId, int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<MachineClientObject>>($"{DockPath(dockId)}/clients{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    /// <summary>Makes a machine client; the answer is the only one that shows its secret.</summary>
    public Task<CreatedMachineClient> CreateMachineClientAsync(string dockId, CreateMachineClientRequest request, CancellationToken ct) =>
        SendAsync<CreatedMachineClient>(HttpMethod.Post, $"{DockPath(dockId)}/clients", request, ct);

    /// <summary>Gives a machine client a new secret; the answer is the only one that shows it.</summary>
    /// <param name="grace">How long the old one stays good, up to 7 days; null = it ends at once.</param>
    public Task<CreatedMachineClient> RotateMachineClientAsync(string dockId, string clientId, TimeSpan? grace, CancellationToken ct) =>
        SendAsync<CreatedMachineClient>(HttpMethod.Post, $"{MachineClientPath(dockId, clientId)}/rotate", new RotateMachineClientRequest { GracePeriodSeconds = (int?)grace?.TotalSeconds }, ct);

    /// <summary>Ends a machine client for good, and its tokens with it.</summary>
    public async Task DeleteMachineClientAsync(string dockId, string clientId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, MachineClientPath(dockId, clientId), body: null, ct)).Dispose();

    /// <summary>What is in a dock, for an API key or a session.</summary>
    public DockArtifactCalls DockArtifacts(string dockId) => new(this, http, DockPath(dockId));

    /// <summary>What is in a dock, for a machine client's token from <see cref="GetTokenAsync"/>.</summary>
    public DockArtifactCalls MachineDockArtifacts(string dockId) => new(this, http, $"machine/{DockPath(dockId)}");

    private static string DockPath(string dockId) => $"docks/{Uri.EscapeDataString(dockId)}";

    private static string MachineClientPath(string dockId, string clientId) => $"{DockPath(dockId)}/clients/{Uri.EscapeDataString(clientId)}";
}
