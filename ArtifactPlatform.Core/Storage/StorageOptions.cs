using System.ComponentModel.DataAnnotations;
using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

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

    /// <exception cref="OptionsValidationException">The connection string is missing, lacks a part or has no http address.</exception>
    public static StoreAddress From(IConfiguration configuration)
    {
        var parts = Read(configuration.RequiredConnectionString("objectstore"));
        return Uri.TryCreate(Part("Endpoint"), UriKind.Absolute, out var endpoint) && (endpoint.Scheme == Uri.UriSchemeHttp || endpoint.Scheme == Uri.UriSchemeHttps)
            ? new StoreAddress(endpoint, Part("AccessKey"), Part("SecretKey"))
            : throw Invalid("has no http:// or https:// address as its Endpoint");

        string Part(string name) => parts.TryGetValue(name, out var value) && value is string { Length: > 0 } text ? text : throw Invalid($"lacks {name}=");
    }

    private static DbConnectionStringBuilder Read(string connectionString)
    {
        try
        {
            return new DbConnectionStringBuilder { ConnectionString = connectionString };
        }
        catch (ArgumentException)
        {
            throw Invalid("can't be read");
        }
    }

    private static OptionsValidationException Invalid(string fault) => RequiredSettings.Invalid($"ConnectionStrings__objectstore {fault} (form: Endpoint=…;AccessKey=…;SecretKey=…).");
}
