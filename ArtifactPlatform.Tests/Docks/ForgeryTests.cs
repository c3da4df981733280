using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ArtifactPlatform.Api;
using ArtifactPlatform.Api.Auth;
using ArtifactPlatform.Tests.Api;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Tests.Docks;

/// <summary>Tokens that nobody issued, or not for this: each is a good one but for a single thing.</summary>
public sealed class ForgeryTests(Platform platform) : IClassFixture<StartedPlatform>
{
    private readonly CancellationToken ct = TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Forgeries => new()
    {
        { "nothing", "ok" },
        { "alg none", "token_unknown" },
        { "signature cut off", "token_unknown" },
        { "payload changed", "token_unknown" },
        { "another key under the platform's kid", "token_unknown" },
        { "a kid that nobody published", "token_unknown" },
        { "hmac over the public key", "token_unknown" },
        { "key in the header", "token_unknown" },
        { "typ JWT", "token_unknown" },
        { "another audience", "token_unknown" },
        { "another issuer", "token_unknown" },
        { "expired", "token_expired" },
        { "expired this second", "token_expired" },
        { "no expiry", "token_expired" },
        { "not valid yet", "token_unknown" },
        { "issued in the future", "token_unknown" },
        { "no client", "token_unknown" },
        { "a client that does not exist", "token_revoked" },
        { "another dock of the company", "token_revoked" },
        { "more scope than the client has", "scope_missing" },
        { "no JSON in the header", "token_unknown" },
        { "too long", "token_unknown" },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_token_with_one_thing_wrong_is_refused(string wrong, string code)
    {
        var company = await platform.NewCompanyAsync();
        var dock = await company.NewDockAsync(ct, null, "artifacts:read");
        var sibling = await company.NewDockAsync(ct);
        await using var api = await ApiPartsAsync();
        var keys = api.Services.GetRequiredService<SigningKeys>();
        var key = await keys.CurrentAsync(ct);
        using var rsa = keys.Open(key);
        using var http = platform.CreateClient(Forge(wrong, dock, sibling, key.Id, rsa));
        using var response = await http.SendAsync(
            wrong == "more scope than the client has" ? "POST" : "GET", $"/api/v1/machine/docks/{(wrong == "another dock of the company" ? sibling.Id : dock.Id)}/artifacts", wrong == "more scope than the client has" ? """{"filename":"a"}""" : null, ct);

        if (code == "ok")
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
        else
        {
            Assert.Equal(code, (await response.ErrorAsync(code == "scope_missing" ? HttpStatusCode.Forbidden : HttpStatusCode.Unauthorized, ct)).Code);
        }
    }

    [Theory]
    [MemberData(nameof(OddTokens.Malformed), MemberType = typeof(OddTokens))]
    public async Task What_only_looks_like_a_token_is_refused(string token)
    {
        using var http = platform.CreateClient(token);
        using var response = await http.SendAsync("GET", "/api/v1/machine/docks/dock_none/artifacts", null, ct);

        Assert.Equal("token_unknown", (await response.ErrorAsync(HttpStatusCode.Unauthorized, ct)).Code);
    }

    [Fact]
    public async Task A_well_signed_token_that_says_something_odd_is_refused()
    {
        var dock = await (await platform.NewCompanyAsync()).NewDockAsync(ct);
        await using var api = await ApiPartsAsync();
        var keys = api.Services.GetRequiredService<SigningKeys>();
        var key = await keys.CurrentAsync(ct);
        using var rsa = keys.Open(key);
        var parts = dock.Token.Split('.').Take(2).Select(part => (JsonObject)JsonNode.Parse(Base64UrlEncoder.Decode(part))!).ToList();
        foreach (var (place, json) in OddTokens.Changes.Select(row => row.Data))
        {
            Assert.Equal((place, json, HttpStatusCode.Unauthorized), (place, json, await StatusAsync(place, json)));
        }

        // The same way of making them gives a good one.
        Assert.Equal(HttpStatusCode.OK, await StatusAsync("jti", "\"jti_1\""));

        async Task<HttpStatusCode> StatusAsync(string place, string json)
        {
            using var http = platform.CreateClient(OddTokens.Sign(rsa, parts[0].DeepClone().AsObject(), parts[1].DeepClone().AsObject(), place, json));
            using var response = await http.SendAsync("GET", $"/api/v1/machine/docks/{dock.Id}/artifacts", null, ct);
            return response.StatusCode;
        }
    }

    private static string Forge(string wrong, TestDock dock, TestDock sibling, string kid, RSA rsa)
    {
        var good = (JsonWebToken)new JsonWebTokenHandler().ReadToken(dock.Token);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = good.Issuer, ["aud"] = good.Audiences.Single(), ["sub"] = dock.Machine.ClientId, ["client_id"] = dock.Machine.ClientId, ["dock_id"] = dock.Id,
            ["scope"] = "artifacts:read", ["iat"] = now, ["nbf"] = now, ["exp"] = now + 3600, ["jti"] = "jti_1",
        };
        var header = new Dictionary<string, object> { ["alg"] = "RS256", ["typ"] = "at+jwt", ["kid"] = kid };
        using var own = RSA.Create(2048);
        Func<byte[], byte[]> sign = data => rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        switch (wrong)
        {
            case "alg none": (header["alg"], sign) = ("none", _ => []); break;
            case "signature cut off": sign = _ => []; break;
            case "another key under the platform's kid": sign = data => own.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1); break;
            case "a kid that nobody published": (header["kid"], sign) = ("sk_none", data => own.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)); break;
            case "hmac over the public key": (header["alg"], sign) = ("HS256", data => HMACSHA256.HashData(Encoding.UTF8.GetBytes(rsa.ExportSubjectPublicKeyInfoPem()), data)); break;
            case "key in the header": (header["jwk"], sign) = (JsonWebKeyConverter.ConvertFromRSASecurityKey(new RsaSecurityKey(own.ExportParameters(false))), data => own.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)); break;
            case "typ JWT": header["typ"] = "JWT"; break;
            case "another audience": claims["aud"] = "https://elsewhere.example.com"; break;
            case "another issuer": claims["iss"] = "https://elsewhere.example.com"; break;
            case "expired": (claims["iat"], claims["nbf"], claims["exp"]) = (now - 7200, now - 7200, now - 60); break;
            case "expired this second": claims["exp"] = now; break;
            case "no expiry": claims.Remove("exp"); break;
            case "not valid yet": claims["nbf"] = now + 120; break;
            case "issued in the future": claims["iat"] = now + 120; break;
            case "no client": claims.Remove("client_id"); break;
            case "a client that does not exist": claims["client_id"] = "client_none"; break;
            case "another dock of the company": claims["dock_id"] = sibling.Id; break;
            case "more scope than the client has": claims["scope"] = "artifacts:read artifacts:write"; break;
            case "too long": claims["jti"] = new string('x', 5000); break;
        }

        var signed = $"{(wrong == "no JSON in the header" ? Encode("{\"alg"u8.ToArray()) : Encode(JsonSerializer.SerializeToUtf8Bytes(header)))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var token = $"{signed}.{Encode(sign(Encoding.ASCII.GetBytes(signed)))}";
        if (wrong == "payload changed")
        {
            claims["dock_id"] = sibling.Id;
            token = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(header))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}.{token.Split('.')[2]}";
        }

        return token;
    }

    private static string Encode(byte[] bytes) => Base64UrlEncoder.Encode(bytes);

    /// <summary>The Api's parts with the platform's own stores and key, to sign as it does.</summary>
    private async Task<WebApplication> ApiPartsAsync()
    {
        var builder = WebApplication.CreateBuilder();
        foreach (var name in new[] { "artifactdb", "redis", "objectstore" })
        {
            builder.Configuration[$"ConnectionStrings:{name}"] = await platform.App.GetConnectionStringAsync(name, ct);
        }

        builder.Configuration["Secrets:MasterKey"] = await platform.App.GetEnvironmentAsync("api", "Secrets__MasterKey", ct);
        builder.AddApi();
        return builder.Build();
    }
}
