using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Users;

namespace ArtifactPlatform.Client;

public sealed partial class PlatformClient
{
    /// <summary>Invitations that have not been taken up, newest first; those that have run out among them.</summary>
    public Task<Page<InvitationObject>> ListInvitationsAsync(int? limit, string? startingAfter, CancellationToken ct) =>
        GetAsync<Page<InvitationObject>>($"invitations{new QueryString().Add("limit", limit).Add("startingAfter", startingAfter)}", ct);

    /// <summary>Invites a person; the answer is the only one that shows the token. An earlier invitation of the same address ends.</summary>
    public Task<CreatedInvitation> CreateInvitationAsync(CreateInvitationRequest request, CancellationToken ct) =>
        SendAsync<CreatedInvitation>(HttpMethod.Post, "invitations", request, ct);

    public async Task RevokeInvitationAsync(string invitationId, CancellationToken ct) =>
        (await SendAsync(HttpMethod.Delete, $"invitations/{Uri.EscapeDataString(invitationId)}", body: null, ct)).Dispose();

    /// <summary>What an invitation is for. Needs no token but the invitation's.</summary>
    /// <exception cref="PlatformApiException">400 <c>invitation_invalid</c>: unknown, used, revoked or run out.</exception>
    public Task<InvitationPreview> LookupInvitationAsync(string token, CancellationToken ct) =>
        SendAsync<InvitationPreview>(HttpMethod.Post, "invitations/lookup", new LookupInvitationRequest { Token = token }, ct);

    /// <summary>Joins the company and signs in. Needs no token but the invitation's.</summary>
    /// <exception cref="PlatformApiException">400 <c>invitation_invalid</c>: unknown, used, revoked or run out, or its address can't be used; 400 <c>password_too_common</c>.</exception>
    public Task<SessionCreated> AcceptInvitationAsync(AcceptInvitationRequest request, CancellationToken ct) =>
        SendAsync<SessionCreated>(HttpMethod.Post, "invitations/accept", request, ct);
}
