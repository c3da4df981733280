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
            "native" => (false, "STORES=native"),
            "containers" => (true, "STORES=containers"),
            _ when builder.ExecutionContext.IsPublishMode => (true, "a manifest is published"),
            null or "" => Array.Find(["docker", "podman"], Answers) is { } engine ? (true, $"{engine} answers") : (false, "neither docker nor podman answers"),
            var other => throw new CannotStartException($"STORES is '{other}'; set it to containers or native"),
        };
        // With it and no engine, Aspire's dashboard does not load.
        builder.Configuration["ASPIRE_ENABLE_CONTAINER_TUNNEL"] = wanted ? builder.Configuration["ASPIRE_ENABLE_CONTAINER_TUNNEL"] : "false";
        builder.Eventing.Subscribe<BeforeStartEvent>((_, _) =>
        {
            ResourceLogs.Announce($"stores: {(wanted ? "containers" : "native processes")} ({reason})");
            return Task.CompletedTask;
        });
        return wanted;
    }

    /// <summary>Adds MinIO as a container.</summary>
    public static IResourceBuilder<ContainerResource> AddMinioContainer(
        this IDistributedApplicationBuilder builder, [ResourceName] string name, IResourceBuilder<ParameterResource> accessKey, IResourceBuilder<ParameterResource> secretKey) => builder
        .AddContainer(name, builder.Configuration["OBJECT_STORE_IMAGE"] is { Length: > 0 } chosen ? chosen : DefaultImage)
        .WithArgs("server", "/data", "--console-address", ":9001")
        .WithEnvironment("MINIO_ROOT_USER", accessKey)
        .WithEnvironment("MINIO_ROOT_PASSWORD", secretKey)
        .WithHttpEndpoint(targetPort: 9000, name: "http")
        .WithHttpEndpoint(targetPort: 9001, name: "console")
        .WithVolume("artifactplatform-minio", "/data")
        .WithHttpHealthCheck("/minio/health/live", endpointName: "http");

    private static bool Answers(string engine)
    {
        using var process = Process.Start("sh", ["-c", $"timeout 5 {engine} info > /dev/null 2>&1"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
