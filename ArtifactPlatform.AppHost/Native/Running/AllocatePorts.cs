using ArtifactPlatform.NativeHosting.Data;

namespace ArtifactPlatform.NativeHosting.Running;

internal static class AllocatePorts
{
    /// <summary>Ports that the person chose must be free; the others come from the copy's own block.</summary>
    public static void For(IEnumerable<Resource> resources, PortBlock block)
    {
        foreach (var resource in resources)
        {
            foreach (var endpoint in resource.Endpoints)
            {
                endpoint.AllocatedPort = endpoint is { HasFixedPort: true, Port: { } fixedPort } ? fixedPort : block.Next();
            }
        }
    }

    /// <exception cref="CannotStartException">One is taken, or given twice.</exception>
    public static void CheckFixed(IEnumerable<Resource> resources)
    {
        var taken = new Dictionary<int, string>();
        foreach (var resource in resources)
        {
            foreach (var port in resource.Endpoints.Where(endpoint => endpoint.HasFixedPort).Select(endpoint => endpoint.Port).OfType<int>())
            {
                var variable = VariableOf(resource);
                if (!taken.TryAdd(port, variable))
                {
                    throw new CannotStartException($"{taken[port]} and {variable} are both {port}; give them different ports");
                }

                if (!PortBlock.IsFree(port))
                {
                    throw new CannotStartException(PortOwner.Explain(variable, port));
                }
            }
        }
    }

    /// <summary>The setting that chooses a resource's port: API_PORT for <c>api</c>.</summary>
    public static string VariableOf(Resource resource) => $"{resource.Name.ToUpperInvariant().Replace('-', '_')}_PORT";
}
