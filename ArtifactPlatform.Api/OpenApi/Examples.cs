using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArtifactPlatform.Api.Errors;
using ArtifactPlatform.Api.Events;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.ApiKeys;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Events;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Core.ApiKeys;
using ArtifactPlatform.Core.Usage;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>Examples of one route by name; errors by status, where the usual one does not fit.</summary>
internal sealed record Example(IReadOnlyDictionary<string, JsonNode?> Requests, IReadOnlyDictionary<string, JsonNode?> Responses, IReadOnlyDictionary<int, JsonNode> Errors);

/// <summary>Every example of the document, by operation id.</summary>
internal static class Examples
{
    public static readonly Example None = new(new Dictionary<string, JsonNode?>(), new Dictionary<string, JsonNode?>(), new Dictionary<int, JsonNode>());

    /// <summary>The usual error of each status.</summary>
    public static IReadOnlyDictionary<int, JsonNode> Errors { get; } = Of(
        Error.InvalidParameter("limit", "The field limit must be between 1 and 100."),
        Error.TokenUnknown(),
        Error.QuotaExceeded(new QuotaExceededException(UsageKind.StoredBytes, most: 1_000_000_000, taken: 999_000_000, amount: 6_638_526)),
        Error.ScopeMissing(Scopes.ArtifactsWrite),
        Error.ArtifactNotFound().Failure,
        Error.IdempotencyKeyReused(),
        Error.BodyTooLarge(),
        Error.UnsupportedMediaType(),
        Error.RateLimited(TimeSpan.FromSeconds(1)),
        Error.Internal(),
        Error.DependencyUnavailable());

    public static IReadOnlyDictionary<string, Example> ByOperation { get; } = All().Concat(VideoExamples.All()).Concat(DockExamples.All()).Concat(PeopleExamples.All()).Concat(StorageExamples.All()).Concat(WebhookExamples.All()).ToDictionary();

    private static Dictionary<string, Example> All()
    {
        var create = None.Asks(("presigned", Samples.ForUpload), ("url", Samples.FromUrl), ("s3Path", Samples.FromS3), ("fragments", Samples.FromFragments))
            .Answers(("presigned", Samples.Upload), ("withSource", Samples.Created))
            .Fails(Error.SourceConflict("s3Path").Failure);
        var noKey = Error.ApiKeyNotFound().Failure;
        return new Dictionary<string, Example>
        {
            ["createArtifact"] = create,
            ["createArtifactAlias"] = create,
            ["presignTempUpload"] = None.Answers(("place", Samples.TempUpload)).Fails(Error.MissingParameter("fileName")),
            ["getArtifact"] = None.Answers(("completed", Samples.Completed)),
            ["listArtifacts"] = None.Answers(("page", new Page<ArtifactObject>([Samples.Completed], HasMore: true, Samples.ArtifactId))),
            ["completeArtifact"] = None.Answers(("noticed", Samples.Created)).Fails(Error.UploadMissing().Failure),
            ["retryArtifact"] = None.Answers(("queued", Samples.Created)).Fails(Error.NotFailed().Failure),
            ["patchArtifact"] = None.Asks(("rename", Samples.Patch)).Answers(("changed", Samples.Completed with { Name = Samples.Patch.Name ?? "", FileName = Samples.Patch.Name ?? "" })).Fails(Error.InvalidMetadata("metadata must be a JSON object.").Failure),
            ["downloadArtifact"] = None.Answers(("url", Samples.Download)).Fails(Error.InvalidParameter("redirect", "The value has the wrong form."), Error.NotCompleted().Failure),
            ["listEvents"] = None.Answers(("page", new EventPage([Samples.Event], HasMore: false))).Fails(Error.InvalidCursor("after").Failure, Error.ScopeMissing($"{Scopes.ArtifactsRead} or {Scopes.VideosRead}")),
            ["streamEvents"] = None.Answers(("message", Encoding.UTF8.GetString(EventFrame.Encode(Samples.Event)))).Fails(Error.InvalidCursor("lastEventId").Failure, Error.ScopeMissing($"{Scopes.ArtifactsRead} or {Scopes.VideosRead}")),
            ["streamArtifactEvents"] = None.Answers(("message", Encoding.UTF8.GetString(EventFrame.Encode(Samples.Event)))).Fails(Error.InvalidCursor("lastEventId").Failure, Error.ScopeMissing(Scopes.ArtifactsRead)),
            ["createSession"] = None.Asks(("user", Samples.SignIn)).Answers(("session", Samples.Session)).Fails(Error.InvalidParameter("email", "The email field is required."), Error.SignInFailed().Failure),
            ["getCurrentSession"] = None.Answers(("user", Samples.SessionUser)).Fails(Error.SessionRequired()),
            ["deleteCurrentSession"] = None.Fails(Error.SessionRequired()),
            ["listApiKeys"] = None.Answers(("page", new Page<ApiKeyObject>([Samples.ApiKey], HasMore: false, NextCursor: null))).Fails(Error.ScopeMissing(Scopes.Admin)),
            ["getApiKey"] = None.Answers(("key", Samples.ApiKey)).Fails(noKey, Error.ScopeMissing(Scopes.Admin)),
            ["createApiKey"] = None.Asks(("key", Samples.NewKey)).Answers(("key", Samples.CreatedKey)).Fails(Error.UnknownScope("scopes[0]", Scopes.All).Failure, Error.ScopeMissing(Scopes.Admin)),
            ["revokeApiKey"] = None.Fails(noKey, Error.ScopeMissing(Scopes.Admin)),
            ["rotateApiKey"] = None.Asks(("grace", new RotateApiKeyRequest { GracePeriodSeconds = 3600 })).Answers(("key", Samples.CreatedKey with { PreviousKeyExpiresAt = Samples.CreatedKey.CreatedAt.AddHours(1) })).Fails(Error.InvalidParameter("gracePeriodSeconds", "The field gracePeriodSeconds must be between 0 and 604800."), noKey, Error.ApiKeyEnded().Failure, Error.ScopeMissing(Scopes.Admin)),
            ["testS3Credentials"] = None.Asks(("object", new TestS3CredentialsRequest { S3Path = "s3://customer-media/in/film.mp4" }))
                .Answers(("readable", new S3CredentialsTest(Ok: true, Problem: null, Hint: null)), ("denied", new S3CredentialsTest(Ok: false, "get_object_denied", "The credentials may list the bucket, but not read the object. Grant s3:GetObject on arn:aws:s3:::customer-media/*.")))
                .Fails(Error.InvalidS3Path("s3Path").Failure, Error.S3CredentialsNotFound().Failure, Error.ScopeMissing(Scopes.Admin)),
            ["listAuditLog"] = None.Answers(("page", new Page<AuditEntryObject>([Samples.AuditEntry], HasMore: false, NextCursor: null))).Fails(Error.InvalidCursor("startingAfter").Failure, Error.ScopeMissing(Scopes.Admin)),
            ["getUsage"] = None.Answers(("month", Samples.Usage)).Fails(Error.PeriodReversed().Failure, Error.ScopeMissing(Scopes.ArtifactsRead)),
            ["putS3Credentials"] = None.Asks(("aws", Samples.PutCredentials)).Answers(("credentials", Samples.Credentials)).Fails(Error.ForbiddenAddress("endpoint").Failure, noKey, Error.ApiKeyEnded().Failure, Error.ScopeMissing(Scopes.Admin)),
            ["getS3Credentials"] = None.Answers(("credentials", Samples.Credentials)).Fails(Error.S3CredentialsNotFound().Failure, Error.ScopeMissing(Scopes.Admin)),
            ["deleteS3Credentials"] = None.Fails(Error.S3CredentialsNotFound().Failure, Error.ScopeMissing(Scopes.Admin)),
        };
    }

    internal static Example Asks(this Example example, params (string Name, object Value)[] requests) => example with { Requests = requests.ToDictionary(r => r.Name, r => WithoutNulls(Node(r.Value))) };

    internal static Example Answers(this Example example, params (string Name, object Value)[] responses) => example with { Responses = responses.ToDictionary(r => r.Name, r => Node(r.Value)) };

    internal static Example Fails(this Example example, params Failure[] failures) => example with { Errors = Of(failures) };

    private static Dictionary<int, JsonNode> Of(params Failure[] failures) => failures.ToDictionary(
        f => f.Status,
        f => Node(new ErrorEnvelope(new ApiError { Type = f.Type, Code = f.Code, Message = f.Message, Param = f.Param, RequestId = "req_019bb2a4c1f067d3a85e90b5" })) ?? new JsonObject());

    internal static JsonNode? Node(object value) => JsonSerializer.SerializeToNode(value, value.GetType(), ContractJson.Options);

    /// <summary>What a request leaves out is not shown as null.</summary>
    private static JsonNode? WithoutNulls(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var name in members.Where(m => m.Value is null).Select(m => m.Key).ToList())
            {
                members.Remove(name);
            }
        }

        foreach (var child in node switch { JsonObject o => o.Select(m => m.Value), JsonArray a => a, _ => [] })
        {
            WithoutNulls(child);
        }

        return node;
    }
}
