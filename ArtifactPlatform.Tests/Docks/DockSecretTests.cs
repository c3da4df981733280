using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ArtifactPlatform.Client;
using ArtifactPlatform.Client.Audit;
using ArtifactPlatform.Client.Docks;
using ArtifactPlatform.Client.OAuth;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>What is written down about docks and machines: who did what, and no secret.</summary>
public sealed class DockSecretTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_tokens_and_presigned_urls_reach_no_log_no_trace_and_no_audit_row()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        var rotated = await company.Client.RotateMachineClientAsync(dock.Id, dock.Machine.ClientId, TimeSpan.FromHours(1), ct);
        var traceId = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        using var traced = platform.CreateClient();
        traced.DefaultRequestHeaders.Add("traceparent", $"00-{traceId}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}-01");
        var client = new PlatformClient(traced);
        var token = await client.GetTokenAsync(rotated.ClientId, rotated.ClientSecret, null, ct);
        await Assert.ThrowsAsync<PlatformApiException>(() => client.GetTokenAsync(rotated.ClientId, rotated.ClientSecret + "x", null, ct));
        await BasicAsync(traced, dock.Machine);
        var machine = client.WithToken(token.AccessToken).MachineDockArtifacts(dock.Id);
        await Assert.ThrowsAsync<PlatformApiException>(() => client.WithToken(token.AccessToken + "x").MachineDockArtifacts(dock.Id).ListAsync(new(), ct));
        using var content = new MemoryStream(TestDock.Content());
        var deposited = await machine.DepositAsync(new() { Filename = "a.bin" }, content, ct);
        await dock.EndedAsync(deposited.Id, ct);
        var listed = Assert.Single((await machine.ListAsync(new(), ct)).Data);
        var download = await machine.GetDownloadAsync(deposited.Id, ct);
        await company.Client.DeleteMachineClientAsync(dock.Id, rotated.ClientId, ct);

        string[] secrets =
        [
            dock.Machine.ClientSecret, rotated.ClientSecret, dock.Token.Split('.')[2], token.AccessToken.Split('.')[2],
            Convert.ToBase64String(Encoding.UTF8.GetBytes($"{dock.Machine.ClientId}:{dock.Machine.ClientSecret}")),
            .. new[] { deposited.UploadUrl, listed.DownloadUrl, download.Url }.Select(Signature),
        ];
        var spans = await Eventually.GetAsync(
            () => Task.FromResult(platform.Telemetry.Spans.Where(s => s.TraceId == traceId).ToArray() is var found && found.Any(s => s.Service == "api" && s.Attributes.Values.Any(v => v.EndsWith("/download", StringComparison.Ordinal))) ? found : null),
            () => $"trace {traceId} to be exported",
            Patience);
        var lines = new[] { "migrate", "api", "worker", "web" }.SelectMany(name => platform.App.GetLogs(name)).ToList();
        var audit = (await company.Client.ListAuditLogAsync(null, null, 100, null, ct)).Data.Select(e => JsonSerializer.Serialize(e)).ToList();
        Assert.NotEmpty(audit);
        Assert.All(secrets, secret =>
        {
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(spans.SelectMany(s => s.Attributes.Values.Append(s.Name)), value => value.Contains(secret, StringComparison.Ordinal));
            Assert.DoesNotContain(audit, row => row.Contains(secret, StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task What_is_done_to_docks_and_clients_is_written_with_who_did_it()
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct);
        await company.Client.PatchDockAsync(dock.Id, new() { MaxSizeBytes = 7 }, ct);
        await company.Client.RotateMachineClientAsync(dock.Id, dock.Machine.ClientId, null, ct);
        await company.Client.DeleteMachineClientAsync(dock.Id, dock.Machine.ClientId, ct);
        await company.Client.DeleteDockAsync(dock.Id, ct);

        var log = (await company.Client.ListAuditLogAsync(null, null, 100, null, ct)).Data.Reverse().ToList();

        Assert.Equal(["dock.created", "machine_client.created", "dock.changed", "machine_client.rotated", "machine_client.deleted", "dock.deleted"], log.Select(e => e.Action));
        Assert.Equal([dock.Id, dock.Machine.ClientId, dock.Id, dock.Machine.ClientId, dock.Machine.ClientId, dock.Id], log.Select(e => e.SubjectId));
        Assert.All(log, e => Assert.Equal(new AuditActor(AuditActorType.ApiKey, company.ApiKeyId, "tests"), e.Actor));
    }

    private async Task BasicAsync(HttpClient http, CreatedMachineClient machine)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/oauth/token") { Content = new FormUrlEncodedContent([new("grant_type", "client_credentials")]) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{machine.ClientId}:{machine.ClientSecret}")));
        using var response = await http.SendAsync(request, ct);
        response.EnsureSuccessStatusCode();
    }

    private static string Signature(string? url) => url!.Split("X-Amz-Signature=")[1].Split('&')[0];
}
