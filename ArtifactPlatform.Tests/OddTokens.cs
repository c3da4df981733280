using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.IdentityModel.Tokens;

namespace ArtifactPlatform.Tests;

/// <summary>JWTs that are none, or that say something where something else belongs.</summary>
public static class OddTokens
{
    /// <summary>Each of them begins like a JWT, so that it is taken for one.</summary>
    public static TheoryData<string> Malformed => new(
        "a.b.c", "eyJ.eyJ.x", "eyJ", "a.b.c.d.e", "..",
        $"{Encode("[]")}.{Encode("[]")}.x", $"{Encode("null")}.{Encode("{}")}.x", $"{Encode("5")}.{Encode("{}")}.x",
        Header("""{"alg":5}"""), Header("""{"alg":"RS256","kid":5}"""), Header("""{"alg":"RS256","kid":null}"""), Header("""{"kid":"a"}"""),
        Header("{\"alg\":\"RS256\",\"kid\":\"a\\u0000\"}"), Header("{\"alg\":\"RS256\",\"kid\":\"\\ud800\"}"),
        Header("""{"alg":"RS256","kid":"a","kid":"b"}"""), Header("""{"alg":"RS256","kid":"a"}""", "[]"), Header("""{"alg":"RS256","kid":"a"}""", "{"));

    /// <summary>What a well-signed token may have changed: a place in header or payload, and JSON.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "exp", "\"tomorrow\"" }, { "exp", "null" }, { "exp", "1e20" }, { "exp", "-1" }, { "exp", "[]" }, { "aud", "5" }, { "aud", "[5]" }, { "aud", "null" },
        { "nbf", "\"x\"" }, { "nbf", "1e20" }, { "iat", "{}" }, { "sub", "5" }, { "sub", "null" }, { "sub", "\"\\ud800\"" }, { "iss", "5" },
        { "header.crit", "[\"b64\"]" }, { "header.crit", "[]" }, { "header.typ", "5" },
    };

    /// <summary>Signs what <paramref name="header"/> and <paramref name="payload"/> say, but for one thing.</summary>
    public static string Sign(RSA rsa, JsonObject header, JsonObject payload, string place, string json)
    {
        var (part, name) = place.StartsWith("header.", StringComparison.Ordinal) ? (header, place["header.".Length..]) : (payload, place);
        part.Remove(name);
        // As text: a JSON node would refuse to hold half of a surrogate pair.
        var changed = part.ToJsonString().TrimEnd('}') + $",\"{name}\":{json}}}";
        var signed = $"{Encode(part == header ? changed : header.ToJsonString())}.{Encode(part == payload ? changed : payload.ToJsonString())}";
        return $"{signed}.{Base64UrlEncoder.Encode(rsa.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    private static string Header(string json, string payload = "{}") => $"{Encode(json)}.{Encode(payload)}.x";

    private static string Encode(string json) => Base64UrlEncoder.Encode(json);
}
