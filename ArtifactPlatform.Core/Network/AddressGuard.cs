using System.Net;
using System.Net.Sockets;

namespace ArtifactPlatform.Core.Network;

/// <summary>An address that the platform must not reach on a stranger's behalf.</summary>
public sealed class ForbiddenAddressException(string host) : HttpRequestException($"{host} does not lead to a public address.")
{
    public string Host { get; } = host;
}

/// <summary>
/// Keeps addresses that customers choose from reaching the platform's own network. The verdict falls on the address that is
/// connected to, at connect time, for every connection: a name that resolves differently the second time gains nothing.
/// </summary>
/// <param name="allowed">Networks that are let through although they are not public.</param>
public sealed class AddressGuard(IReadOnlyList<IPNetwork> allowed)
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Every network that is not the public internet: RFC 6890 and its IANA registries, read 2026-11.</summary>
    private static readonly IPNetwork[] NotPublic =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "::/128", "::1/128", "100::/64", "2001::/23", "2001:db8::/32", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
        }.Select(n => IPNetwork.Parse(n)),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork LocalNat64 = IPNetwork.Parse("64:ff9b:1::/48");
    private static readonly IPNetwork V4Translated = IPNetwork.Parse("::ffff:0:0:0/96");
    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");
    private static readonly IPNetwork V4Compatible = IPNetwork.Parse("::/96");

    /// <summary>Lets everything through: for addresses that the operator chose.</summary>
    public static AddressGuard None { get; } = Allowing(["0.0.0.0/0", "::/0"]);

    /// <param name="networks">CIDR notation: <c>127.0.0.1/32</c>.</param>
    /// <exception cref="FormatException">One of them is no network.</exception>
    public static AddressGuard Allowing(IEnumerable<string> networks) => new([.. networks.Select(n => IPNetwork.Parse(n))]);

    /// <summary>Whether the platform may connect to <paramref name="address"/> on a customer's behalf.</summary>
    public bool Allows(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var plain = Unwrap(address);
        return allowed.Any(n => n.Contains(plain)) || !(LocalNat64.Contains(plain) || NotPublic.Any(n => n.Contains(plain)));
    }

    /// <summary>A handler whose every connection passes the guard; it follows no redirect, uses no proxy and decompresses nothing.</summary>
    public SocketsHttpHandler CreateHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = ConnectTimeout,
        ConnectCallback = (context, ct) => ConnectAsync(context.DnsEndPoint, ct),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    };

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken ct)
    {
        var addresses = await ResolveAsync(target.Host, ct);
        // One forbidden address condemns the name: a public host has no business in a private network.
        if (addresses.Length == 0 || !addresses.All(Allows))
        {
            throw new ForbiddenAddressException(target.Host);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Numbers are taken as they stand: the resolver throws at 0.0.0.0 and [::], on which the verdict is ours.</summary>
    private static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var address))
        {
            return [address];
        }

        try
        {
            return await Dns.GetHostAddressesAsync(host, ct);
        }
        catch (ArgumentException)
        {
            // No name at all, such as one of more than 255 characters.
            throw new SocketException((int)SocketError.HostNotFound);
        }
    }

    /// <summary>The IPv4 address inside an IPv6 one that only carries it: mapped, translated (RFC 2765), compatible, NAT64, 6to4.</summary>
    private static IPAddress Unwrap(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (Nat64.Contains(address) || V4Translated.Contains(address) || (V4Compatible.Contains(address) && !IPAddress.IsLoopback(address) && !address.Equals(IPAddress.IPv6Any)))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        return SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : address;
    }
}
