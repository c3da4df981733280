using System.Runtime.CompilerServices;

namespace ArtifactPlatform.NativeHosting;

/// <summary>A text with holes that are filled when the platform starts.</summary>
public sealed class ReferenceExpression : IValueProvider
{
    private readonly IReadOnlyList<object> _parts;

    private ReferenceExpression(IReadOnlyList<object> parts) => _parts = parts;

    public static ReferenceExpression Create(in ExpressionInterpolatedStringHandler handler) => new(handler.Parts);

    /// <summary>Null as soon as one hole has no value: half a connection string is worse than none.</summary>
    public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default)
    {
        var texts = new string[_parts.Count];
        for (var i = 0; i < texts.Length; i++)
        {
            var text = _parts[i] is IValueProvider hole ? await hole.GetValueAsync(cancellationToken) : (string)_parts[i];
            if (text is null)
            {
                return null;
            }

            texts[i] = text;
        }

        return string.Concat(texts);
    }

    [InterpolatedStringHandler]
    public readonly struct ExpressionInterpolatedStringHandler(int literalLength, int formattedCount)
    {
        internal List<object> Parts { get; } = new(formattedCount + (literalLength > 0 ? 1 : 0));

        public void AppendLiteral(string value) => Parts.Add(value);

        public void AppendFormatted(string? value) => Parts.Add(value ?? "");

        public void AppendFormatted<T>(T valueProvider)
            where T : IValueProvider => Parts.Add(valueProvider);

        public void AppendFormatted<T>(IResourceBuilder<T> valueProvider)
            where T : IResource, IValueProvider => Parts.Add(valueProvider.Resource);
    }
}

public enum EndpointProperty
{
    Url,
    Host,
    Port,
    HostAndPort,
}

/// <summary>The address of a resource; its value is the URL.</summary>
public sealed class EndpointReference(Resource owner, string endpointName) : IValueProvider
{
    /// <summary>Services listen on the loopback's both addresses, stores on 127.0.0.1 only.</summary>
    public string Host => owner is ProjectResource ? "localhost" : "127.0.0.1";

    public int Port => owner.Endpoint(endpointName).AllocatedPort
        ?? throw new InvalidOperationException($"The port of '{owner.Name}' is not known before the platform starts.");

    public string Url => $"http://{Host}:{Port}";

    public IValueProvider Property(EndpointProperty property) => new PropertyValue(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private sealed class PropertyValue(EndpointReference endpoint, EndpointProperty property) : IValueProvider
    {
        public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(property switch
        {
            EndpointProperty.Host => endpoint.Host,
            EndpointProperty.Port => $"{endpoint.Port}",
            EndpointProperty.HostAndPort => $"{endpoint.Host}:{endpoint.Port}",
            _ => endpoint.Url,
        });
    }
}

/// <summary>A value that is known from the start.</summary>
internal sealed class LiteralValue(string? value) : IValueProvider
{
    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(value);
}
