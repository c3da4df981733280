using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Artifacts;
using ArtifactPlatform.Client.Json;
using ArtifactPlatform.Client.Users;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Client.Webhooks;

namespace ArtifactPlatform.Tests.Unit.Requests;

public sealed class PatchRequestTests
{
    [Fact]
    public void The_client_sends_what_a_request_was_given_and_nothing_else()
    {
        Assert.Equal("{}", Sent(new PatchVideoRequest()));
        Assert.Equal("""{"title":"a"}""", Sent(new PatchVideoRequest { Title = "a" }));
        Assert.Equal("""{"description":null,"tags":null}""", Sent(new PatchVideoRequest { Description = null, Tags = null }));
        Assert.Equal("""{"expiresAt":null}""", Sent(new PatchArtifactRequest { ExpiresAt = null }));
        Assert.Equal("""{"status":"disabled"}""", Sent(new PatchWebhookEndpointRequest { Status = WebhookEndpointStatus.Disabled }));
        // A copy has what it was copied from, and gives nothing back.
        var role = new PatchUserRequest { Role = "viewer" };
        Assert.Equal("""{"name":"a","role":"viewer"}""", Sent(role with { Name = "a" }));
        Assert.Equal("""{"role":"viewer"}""", Sent(role));

        static string Sent(PatchRequest request) => JsonSerializer.Serialize(request, request.GetType(), ContractJson.Options);
    }
}
