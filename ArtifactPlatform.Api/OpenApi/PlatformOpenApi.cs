using Microsoft.OpenApi;

namespace ArtifactPlatform.Api.OpenApi;

/// <summary>The OpenAPI 3.1 document at <c>/openapi/v1.json</c> and the page at <c>/docs</c> that shows it.</summary>
internal static class PlatformOpenApi
{
    private const string Description =
        """
        Takes media and documents in, checks and stores them, and tells what happens as it happens.

        **Authentication.** `Authorization: Bearer` with an API key (`ak_live_…`), a dashboard session token (`ses_…`), or, for machines in their own dock, an access token from `POST /api/v1/oauth/token`.

        **Errors** all have one form: `{"error": {"type", "code", "message", "param", "request_id"}}`. `code` is stable; `message` is for people. The request id also stands in the `X-Request-Id` header of every answer.

        **Sending again.** Every POST of a signed-in caller, and joining by invitation, takes an `Idempotency-Key`: with the same key it is carried out once, and answered the same way for 24 hours. What may go better another time is not kept: answers 401, 402, 403, 409, 429 and 5xx, and those that say what to do first.

        **Limits.** Each API key and session may make so many requests a second; every answer says what is left in `RateLimit-Limit`, `RateLimit-Remaining` and `RateLimit-Reset`, and a 429 when to come back in `Retry-After`. A company may store, encode and show so much: beyond its quota the answer is 402, see `GET /api/v1/usage`.

        **Times** are ISO 8601 in UTC with milliseconds. Body fields that are not known are ignored. Text holds any character but NUL (U+0000). In a PATCH, members left out stay as they are, and `null` takes a value away where there can be none.
        """;

    public static void AddPlatformOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.AddSchemaTransformer<DescribeSchemas>();
        options.AddOperationTransformer<DescribeOperations>();
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo { Title = "Artifact platform API", Version = "v1", Description = Description };
            document.Components ??= new OpenApiComponents();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [DescribeOperations.SecurityScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An API key, a session token, or a machine client's access token." },
            };
            document.Tags = new HashSet<OpenApiTag>
            {
                new() { Name = "Artifacts", Description = "Take files in and keep them." },
                new() { Name = "Uploads", Description = "Send files of any size, and go on after a break." },
                new() { Name = "Videos", Description = "Make files playable." },
                new() { Name = "Playback keys", Description = "Sign who may play." },
                new() { Name = "Playback", Description = "What players fetch." },
                new() { Name = "Docks", Description = "Places that machines deposit files in." },
                new() { Name = "Machine clients", Description = "Manage the machines of a dock." },
                new() { Name = "Dock artifacts", Description = "What is in a dock, with an API key." },
                new() { Name = "Machine artifacts", Description = "The same, with a machine's access token." },
                new() { Name = "OAuth2", Description = "Get access tokens, and check them." },
                new() { Name = "Events", Description = "Learn what happens, live or later." },
                new() { Name = "Webhooks", Description = "Have events posted to you, signed." },
                new() { Name = "Sessions", Description = "Sign dashboard users in and out." },
                new() { Name = "Users", Description = "Invite people, and say what they may do." },
                new() { Name = "Usage", Description = "See what was used, and what is left." },
                new() { Name = "API keys", Description = "Manage keys and the S3 credentials attached to them." },
                new() { Name = DescribeHealth.Tag, Description = "See whether the platform is up." },
            };
            DescribeHealth.AddTo(document);
            return Task.CompletedTask;
        });
    });

    public static void MapPlatformOpenApi(this WebApplication app) => app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();

    /// <summary>Everything the page needs comes from this process.</summary>
    public static void UseDocsPage(this WebApplication app) => app.UseSwaggerUI(page =>
    {
        page.RoutePrefix = "docs";
        page.DocumentTitle = "Artifact platform API";
        page.SwaggerEndpoint("/openapi/v1.json", "v1");
    });
}
