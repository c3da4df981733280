using ArtifactPlatform.NativeHosting.Processes;
using ArtifactPlatform.NativeHosting.Stores;

namespace ArtifactPlatform.NativeHosting.Running;

/// <summary>Which program stands in for which resource.</summary>
internal static class ChooseDriver
{
    /// <param name="isWaitedOut">Others wait for it to end: it is a one-shot.</param>
    public static ResourceDriver For(Resource resource, bool isWaitedOut, EngineContext engine) => resource switch
    {
        ProjectResource project => new ProjectDriver(project, isWaitedOut, engine),
        PostgresServerResource postgres => new PostgresDriver(postgres, engine),
        PostgresDatabaseResource database => new PostgresDatabaseDriver(database, engine),
        RedisResource redis => new RedisDriver(redis, engine),
        ContainerResource { Image: "minio/minio" } store => FindProgram.OnPath("minio") is { } minio
            ? new MinioDriver(store, minio, engine)
            : new CephDriver(store, engine),
        ContainerResource other => throw new CannotStartException($"The native engine knows no program for the container image {other.Image}:{other.Tag}"),
        _ => throw new CannotStartException($"The native engine cannot run {resource.Name}"),
    };
}
