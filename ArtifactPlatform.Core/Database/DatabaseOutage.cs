using Npgsql;

namespace ArtifactPlatform.Core.Database;

/// <summary>Which errors of Postgres are its absence rather than its answer.</summary>
internal static class DatabaseOutage
{
    /// <summary>No connection, a connection that broke, or SQLSTATE classes 08 (connection), 53 (out of resources), 57P (shutting down, starting); 25P03, a session that was dropped.</summary>
    public static bool Is(Exception exception) => exception switch
    {
        PostgresException answer => answer.SqlState is { Length: 5 } state
            && (state.StartsWith("08", StringComparison.Ordinal) || state.StartsWith("53", StringComparison.Ordinal) || state.StartsWith("57P", StringComparison.Ordinal)
                || state == "25P03"),
        NpgsqlException => true,
        _ => false,
    };
}
