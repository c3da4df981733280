using ArtifactPlatform.AppHost.Hosting.Native;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>Whether the stores are containers or plain processes, and the container that Aspire has no integration for.</summary>
internal static class StoreContainers
{
    /// <summary>
    /// The last image that MinIO published; Docker Hub serves none since September 2026. OBJECT_STORE_IMAGE names another one that takes
    /// the same arguments, such as a mirror.
    /// </summary>
    public const string DefaultImage = "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z";

    /// <summary>STORES=containers or STORES=native decides, else whether an engine answers: without one, containers in the model stay unknown for ever.</summary>
    public static bool AreWanted(IDistributedApplicationBuilder builder)
    {
        var (wanted, reason) = builder.Configuration["STORES"] switch
        {
            not (null or "" or "native" or "containers") and var other => throw new CannotStartException($"STORES is '{other}'; set it to containers or native"),
            _ when builder.ExecutionContext.IsPublishMode => (true, "a manifest is published"),
            "native" => (false, "STORES=native"),
            "containers" when HostSettings.IsOwnProcess && Engine() is null => throw new CannotStartException("STORES is 'containers', but neither docker nor podman answers; start one of them, or set STORES to native"),
            "containers" => (true, "STORES=containers"),
            _ => Engine() is { } engine ? (true, $"{engine} answers") : (false, "neither docker nor podman answers"),
        };
        // With it and no engine, Aspire's dashboard does not load.
        builder.Configuration["ASPIRE_ENABLE_CONTAINER_TUNNEL"] = wanted ? builder.Configuration["ASPIRE_ENABLE_CONTAINER_TUNNEL"] : "false";
        // Only once the other settings have proved right.
        builder.Eventing.Subscribe<BeforeStartEvent>((_, ct) => Task.Run(() => ResourceLogs.Announce($"stores: {(wanted ? "containers" : "native processes")} ({reason})"), ct));
        return wanted;
    }

    /// <summary>Adds MinIO as a container.</summary>
    /// <param name="port">Where it answers on this machine.</param>
    public static IResourceBuilder<ContainerResource> AddMinioContainer(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, IResourceBuilder<ParameterResource> accessKey, IResourceBuilder<ParameterResource> secretKey, string volume, int? port) => builder
        .AddContainer(name, builder.Configuration["OBJECT_STORE_IMAGE"] is { Length: > 0 } chosen ? chosen : DefaultImage)
        .WithArgs("server", "/data", "--console-address", ":9001")
        .WithEnvironment("MINIO_ROOT_USER", accessKey)
        .WithEnvironment("MINIO_ROOT_PASSWORD", secretKey)
        .WithHttpEndpoint(port: port, targetPort: 9000, name: "http")
        .WithHttpEndpoint(targetPort: 9001, name: "console")
        .WithVolume(volume, "/data")
        .WithWriteCheck(accessKey, secretKey);

    /// <summary>The container engine that answers; null without one.</summary>
    private static string? Engine() => Array.Find(["docker", "podman"], engine =>
    {
        using var process = Process.Start("sh", ["-c", $"timeout 5 {engine} info > /dev/null 2>&1"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    });
}
