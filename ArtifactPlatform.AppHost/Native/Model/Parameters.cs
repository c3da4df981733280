using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;

namespace ArtifactPlatform.NativeHosting;

/// <summary>A value of the graph: from the configuration, else its default.</summary>
public sealed class ParameterResource : Resource, IValueProvider
{
    private readonly Func<string> _value;

    internal ParameterResource(string name, IConfiguration configuration, Func<string> otherwise, bool secret)
        : base(name)
    {
        // Names of environment variables hold no dash: Parameters__postgres_password.
        _value = () => configuration[$"Parameters:{name}"]
            ?? configuration[$"Parameters:{name.Replace('-', '_')}"]
            ?? otherwise();
        Secret = secret;
    }

    public bool Secret { get; }

    internal override bool Runs => false;

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(_value());
}

/// <summary>How a missing value is made.</summary>
public sealed class GenerateParameterDefault
{
    private const string LettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /// <summary>Characters; each letter or digit holds 5.95 random bits.</summary>
    public int MinLength { get; set; } = 22;

    public bool Special { get; set; } = true;

    internal string Generate() =>
        RandomNumberGenerator.GetString(Special ? LettersAndDigits + "-_.~" : LettersAndDigits, MinLength);
}

public static class ParameterResourceBuilderExtensions
{
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, string value, bool publishValueAsDefault = false, bool secret = false) =>
        builder.AddResource(new ParameterResource(name, builder.Configuration, () => value, secret));

    /// <param name="persist">False: a new value at every start.</param>
    public static IResourceBuilder<ParameterResource> AddParameter(
        this IDistributedApplicationBuilder builder, string name, GenerateParameterDefault value, bool secret = false, bool persist = false)
    {
        var once = new Lazy<string>(value.Generate);
        return builder.AddResource(new ParameterResource(
            name, builder.Configuration, () => persist ? builder.Secrets.GetOrAdd(name, value.Generate) : once.Value, secret));
    }

    public static IResourceBuilder<ConnectionStringResource> AddConnectionString(
        this IDistributedApplicationBuilder builder, string name, ReferenceExpression connectionStringExpression) =>
        builder.AddResource(new ConnectionStringResource(name, connectionStringExpression));
}
