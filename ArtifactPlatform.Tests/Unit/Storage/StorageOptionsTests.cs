using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Tests.Unit.Storage;

public sealed class StorageOptionsTests
{
    [Theory]
    [InlineData("garbage")]
    [InlineData("ftp://store.example.com")]
    [InlineData("https://store.example.com/?a=b")]
    [InlineData("https://user:word@store.example.com")]
    public void A_public_endpoint_that_is_no_web_address_is_refused_by_its_name(string address)
    {
        var options = new StorageOptions { PublicEndpoint = new Uri(address, UriKind.RelativeOrAbsolute) };

        Assert.Contains("Storage__PublicEndpoint", Assert.Single(options.Validate(new(options))).ErrorMessage, StringComparison.Ordinal);
    }
}
