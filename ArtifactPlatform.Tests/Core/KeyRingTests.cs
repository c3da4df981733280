using Microsoft.EntityFrameworkCore;

namespace ArtifactPlatform.Tests.Core;

public sealed class KeyRingTests(Platform platform) : IClassFixture<StartedPlatform>
{
    [Fact]
    public async Task All_services_share_the_one_key_that_was_made_before_they_started()
    {
        await using var db = platform.Database();
        var key = await db.DataProtectionKeys.SingleAsync(TestContext.Current.CancellationToken);

        Assert.Contains("masterKeyEncrypted", key.Xml);
    }
}
