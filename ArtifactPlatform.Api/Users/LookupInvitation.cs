using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Core.Database;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Api.Users;

internal static class LookupInvitation
{
    public static async Task<Results<Ok<InvitationPreview>, BadRequestError>> Handle(LookupInvitationRequest request, JoinCompany join, PlatformDb db, CancellationToken ct)
    {
        if (await join.FindAsync(request.Token ?? "", ct) is not { } invitation)
        {
            return Error.InvitationInvalid("token");
        }

        var company = await db.Companies.Where(c => c.Id == invitation.CompanyId).Select(c => c.Name).SingleAsync(ct);
        return TypedResults.Ok(new InvitationPreview(company, invitation.Email, invitation.Name, invitation.Role.Word(), invitation.ExpiresAt));
    }
}
