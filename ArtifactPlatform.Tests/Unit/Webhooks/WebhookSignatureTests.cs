using System.Text;
using ArtifactPlatform.Core.Webhooks;
using StandardWebhooks;

namespace ArtifactPlatform.Tests.Unit.Webhooks;

public sealed class WebhookSignatureTests
{
    /// <summary>The vector that the specification's own libraries are tested with (github.com/standard-webhooks/standard-webhooks, libraries/, read 2026-11).</summary>
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private const string Signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    private static readonly DateTimeOffset SentAt = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = """{"test": 2432232314}"""u8.ToArray();

    [Fact]
    public void The_specifications_own_vector_is_signed_as_published()
    {
        Assert.Equal(Signature, WebhookSignature.Sign([Secret], Id, SentAt, Body));
        // Fractions of a second are in no header, and in no signature.
        Assert.Equal(Signature, WebhookSignature.Sign([Secret], Id, SentAt.AddMilliseconds(999), Body));
    }

    [Fact]
    public void Two_live_secrets_make_two_signatures_with_the_newest_first()
    {
        var newest = WebhookSignature.NewSecret();

        Assert.Equal($"{WebhookSignature.Sign([newest], Id, SentAt, Body)} {Signature}", WebhookSignature.Sign([newest, Secret], Id, SentAt, Body));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"name":"Über \"alles\" \\ 漢字 🎬","n":1.50}""")]
    public void Another_implementation_of_the_specification_signs_the_same(string body)
    {
        var secret = WebhookSignature.NewSecret();

        Assert.Equal(new StandardWebhook(secret).Sign(Id, SentAt, body), WebhookSignature.Sign([secret], Id, SentAt, Encoding.UTF8.GetBytes(body)));
    }

    [Fact]
    public void A_new_secret_is_256_random_bits_in_the_specifications_form()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToList();

        Assert.All(secrets, secret => Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length));
        Assert.Distinct(secrets);
    }
}
