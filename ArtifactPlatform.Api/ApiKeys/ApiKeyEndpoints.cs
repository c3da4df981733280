using ArtifactPlatform.Core.ApiKeys;

namespace ArtifactPlatform.Api.ApiKeys;

internal static class ApiKeyEndpoints
{
    public static void MapApiKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup("/api-keys").RequireAuthorization(Scopes.Admin).WithTags("API keys");

        keys.MapGet("", ListApiKeys.Handle).WithName("listApiKeys").WithSummary("List API keys").WithDescription("Newest first, revoked ones among them.");
        keys.MapGet("/{apiKeyId}", GetApiKey.Handle).WithName("getApiKey").WithSummary("Show an API key").WithDescription("All but its secret.");
        keys.MapPost("", CreateApiKey.Handle).WithName("createApiKey").WithSummary("Make an API key")
            .WithDescription("`key` is in this answer only: it is stored as a hash and can't be shown again.");
        keys.MapDelete("/{apiKeyId}", RevokeApiKey.Handle).WithName("revokeApiKey").WithSummary("Revoke an API key")
            .WithDescription("The key is refused from then on, and its open event streams end. Doing it again changes nothing.");
        keys.MapPost("/{apiKeyId}/rotate", RotateApiKey.Handle).WithName("rotateApiKey").WithSummary("Rotate an API key")
            .WithDescription("Gives the key a new secret under the same id, with the same scopes and S3 credentials. The old one stays good for the grace period, 1 day unless said otherwise; of several rotations within it only the last one's old key does. `key` is in this answer only.");

        keys.MapPut("/{apiKeyId}/s3-credentials", PutS3Credentials.Handle).WithName("putS3Credentials").WithSummary("Attach S3 credentials")
            .WithDescription("Attaches S3 access to the key, or replaces it, so that artifacts can be created from `s3Path`s in other buckets. Secret and session token are encrypted at rest and never shown again. A key that is revoked or expired takes none (409).");
        keys.MapGet("/{apiKeyId}/s3-credentials", GetS3Credentials.Handle).WithName("getS3Credentials").WithSummary("Show S3 credentials").WithDescription("All but the secrets.");
        keys.MapDelete("/{apiKeyId}/s3-credentials", DeleteS3Credentials.Handle).WithName("deleteS3Credentials").WithSummary("Remove S3 credentials")
            .WithDescription("Artifacts that still need them fail.");
        keys.MapPost("/{apiKeyId}/s3-credentials/test", TestS3Credentials.Handle).WithName("testS3Credentials").WithSummary("Try S3 credentials")
            .WithDescription("Reads the first byte of one object with them. `ok` is false when that fails; `problem` names the reason, `hint` says what to do: which permission is missing, or that region, endpoint (an address that is no S3 store) or clock are wrong.");
    }
}
