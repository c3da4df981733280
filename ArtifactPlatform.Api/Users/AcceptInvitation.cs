using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Auth;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Companies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;

namespace ArtifactPlatform.Api.Users;

internal static class AcceptInvitation
{
    public static async Task<Results<Created<SessionCreated>, BadRequestError>> Handle(
        AcceptInvitationRequest request, JoinCompany join, OpenSession open, IPasswordHasher<User> passwords, CancellationToken ct)
    {
        if (await join.FindAsync(request.Token ?? "", ct) is not { } invitation)
        {
            return Error.InvitationInvalid("token");
        }

        var password = request.Password ?? "";
        if (PasswordRules.Refuse(password, invitation.Email, "password") is { } refusal)
        {
            return refusal;
        }

        // An address that has an account with another company gets the answer of an invitation that is over: it must not show.
        return await join.TakeUpAsync(invitation, request.Name ?? "", user => user.SetPasswordHash(passwords.HashPassword(user, password)), ct) is { } user
            ? await open.ForAsync(user, request.Device, ct)
            : Error.InvitationInvalid("token");
    }
}
