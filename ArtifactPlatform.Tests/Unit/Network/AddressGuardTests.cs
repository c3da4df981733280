using System.Net;
using ArtifactPlatform.Core.Network;

namespace ArtifactPlatform.Tests.Unit.Network;

public sealed class AddressGuardTests
{
    private static readonly AddressGuard Strict = AddressGuard.Allowing([]);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("100.64.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b::a9fe:a9fe")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("::ffff:0:a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001::1")]
    public void Addresses_that_are_not_public_are_refused(string address) => Assert.False(Strict.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("172.32.0.1")]
    [InlineData("172.15.255.255")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700::1111")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::808:808")]
    public void Public_addresses_are_let_through(string address) => Assert.True(Strict.Allows(IPAddress.Parse(address)));

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.2", false)]
    [InlineData("::ffff:127.0.0.2", false)]
    [InlineData("::1", false)]
    public void An_allowed_network_lets_through_just_itself(string address, bool allowed) =>
        Assert.Equal(allowed, AddressGuard.Allowing(["127.0.0.1/32"]).Allows(IPAddress.Parse(address)));

    [Fact]
    public async Task The_verdict_falls_when_the_connection_is_made()
    {
        using var client = new HttpClient(AddressGuard.Allowing(["127.0.0.1/32"]).CreateHandler());

        var refused = await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://127.0.0.2:9/"), TestContext.Current.CancellationToken));

        Assert.True(refused is ForbiddenAddressException || refused.InnerException is ForbiddenAddressException, refused.ToString());
    }
}
