using System.Net.Sockets;
using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Core.Health;

/// <summary>Tells "a dependency is down" from "we have a bug".</summary>
public static class Outage
{
    /// <summary>The dependency that <paramref name="exception"/>, or what caused it, says is down; null when it says nothing of the kind.</summary>
    public static string? Of(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (DatabaseOutage.Is(cause))
            {
                return "postgres";
            }

            if (RedisSetup.IsOutage(cause))
            {
                return "redis";
            }

            if (S3Clients.IsOutage(cause))
            {
                return "objectstore";
            }

            if (cause is TimeoutException or SocketException or HttpRequestException)
            {
                return "network";
            }
        }

        return null;
    }
}
