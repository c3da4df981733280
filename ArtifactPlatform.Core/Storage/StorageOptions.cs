using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using ArtifactPlatform.Core.Database;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.Core.Storage;

/// <summary>Settings <c>Storage:*</c>, and the connection string <c>objectstore</c> (<c>Endpoint=…;AccessKey=…;SecretKey=…</c>).</summary>
public sealed record StorageOptions : IValidatableObject
{
    /// <summary>Holds everything the platform stores; made at start when it is missing.</summary>
    [Required, RegularExpression("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
    public string Bucket { get; init; } = "artifacts";

    [Required]
    public string Region { get; init; } = "us-east-1";

    /// <summary>Address of the store as browsers and integrators reach it; presigned URLs carry it. Left out = the internal one.</summary>
    public Uri? PublicEndpoint { get; init; }

    /// <summary>
    /// Origins that may PUT from a browser. Left out = any, since presigned URLs carry their own permission. A default in this list would
    /// stay in it beside what is configured.
    /// </summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    public IReadOnlyList<string> UploadOrigins => CorsOrigins.Count == 0 ? ["*"] : CorsOrigins;

    /// <summary>Where the store pushes bucket notifications; left out = none, and the sweep alone notices uploads.</summary>
    public Uri? EventsUrl { get; init; }

    /// <summary>Secret that a pushed notification must carry.</summary>
    public string? EventsToken { get; init; }

    /// <summary>
    /// Bytes above which a server-side copy goes in parts. S3 refuses to copy more than 5 GiB in one call; less only serves tests and
    /// stores with a smaller limit.
    /// </summary>
    [Range(5L << 20, 5L << 30)]
    public long SingleCopyMaxBytes { get; init; } = 5L << 30;

    /// <summary>Set from the connection string.</summary>
    public StoreAddress Address { get; set; } = StoreAddress.None;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (PublicEndpoint is { } address
            && (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps) || address.Query.Length > 0 || address.Fragment.Length > 0 || address.UserInfo.Length > 0))
        {
            yield return new ValidationResult($"Storage__PublicEndpoint must be an address with http:// or https:// and without a query, as https://store.example.com; it is '{address}'.");
        }
    }
}

/// <summary>How the platform reaches its own store.</summary>
public sealed record StoreAddress(Uri Endpoint, string AccessKey, string SecretKey)
{
    internal static readonly StoreAddress None = new(new Uri("http://unset.invalid"), "", "");

    /// <exception cref="InvalidOperationException">The connection string is missing or lacks a part.</exception>
    public static StoreAddress From(IConfiguration configuration)
    {
        var parts = new DbConnectionStringBuilder { ConnectionString = configuration.RequiredConnectionString("objectstore") };
        return new StoreAddress(new Uri(Part("Endpoint")), Part("AccessKey"), Part("SecretKey"));

        string Part(string name) => parts.TryGetValue(name, out var value) && value is string { Length: > 0 } text
            ? text
            : throw new InvalidOperationException($"ConnectionStrings:objectstore lacks {name}= (form: Endpoint=…;AccessKey=…;SecretKey=…).");
    }
}
