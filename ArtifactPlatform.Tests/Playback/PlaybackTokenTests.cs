using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ArtifactPlatform.Client.Videos;
using ArtifactPlatform.Tests.Api;

namespace ArtifactPlatform.Tests.Playback;

/// <summary>What a signed playback id answers to tokens that are not right. There is no video yet, so a good one gets as far as 404.</summary>
public sealed class PlaybackTokenTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_is_odd_or_over_is_forbidden_and_never_a_fault()
    {
        var company = await platform.NewCompanyAsync();
        var video = await company.Client.CreateVideoAsync(new() { Input = [new() { Url = "http://127.0.0.1:1/none.mp4" }] }, ct);
        var id = (await company.Client.CreatePlaybackIdAsync(video.Id, PlaybackPolicy.Signed, ct)).Id;
        var key = await company.Client.CreatePlaybackKeyAsync(ct);
        using var rsa = RSA.Create();
        rsa.ImportFromPem(key.PrivateKey);
        using var http = platform.CreateClient();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

        foreach (var token in OddTokens.Malformed.Select(row => row.Data).Append(""))
        {
            Assert.Equal((token, "playback_forbidden"), (token, await CodeAsync(token)));
        }

        foreach (var (place, json) in OddTokens.Changes.Select(row => row.Data).Append(("exp", $"{now}")).Append(("nbf", $"{now + 120}")))
        {
            Assert.Equal((place, json, "playback_forbidden"), (place, json, await CodeAsync(Signed(place, json))));
        }

        Assert.Equal("not_playable_yet", await CodeAsync(Signed("jti", "\"good\"")));
        Assert.Equal("not_playable_yet", await CodeAsync(Signed("nbf", $"{now + 5}")));

        string Signed(string place, string json) => OddTokens.Sign(
            rsa, new JsonObject { ["alg"] = "RS256", ["typ"] = "JWT", ["kid"] = key.Id }, new JsonObject { ["sub"] = id, ["aud"] = "v", ["exp"] = now + 600 }, place, json);

        async Task<string> CodeAsync(string token)
        {
            using var response = await http.SendAsync("GET", $"/play/{id}/master.m3u8?token={Uri.EscapeDataString(token)}", null, ct);
            return (await response.ErrorAsync(response.StatusCode == HttpStatusCode.NotFound ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, ct)).Code;
        }
    }
}
