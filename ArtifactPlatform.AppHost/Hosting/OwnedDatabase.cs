using Npgsql;

namespace ArtifactPlatform.AppHost.Hosting;

/// <summary>A database that belongs to a role of the same name, which is no superuser: what the services connect as.</summary>
internal sealed class OwnedDatabaseResource(string name, string databaseName, IResource server, EndpointReference endpoint, ParameterResource password)
    : Resource(name), IResourceWithParent, IResourceWithConnectionString
{
    public IResource Parent { get; } = server;

    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={endpoint.Property(EndpointProperty.Host)};Port={endpoint.Property(EndpointProperty.Port)};Username={databaseName};Password={password};Database={databaseName}");
}

internal static class OwnedDatabaseExtensions
{
    /// <summary>Creates role and database, when they are missing, each time the server becomes ready, whether it is a container or a process. Both get the name, which is of lower-case letters.</summary>
    public static IResourceBuilder<OwnedDatabaseResource> AddOwnedDatabase<T>(
        this IResourceBuilder<T> server, [ResourceName] string name, string databaseName, IResourceBuilder<ParameterResource> password)
        where T : IResourceWithConnectionString
    {
        var endpoint = ((IResourceWithEndpoints)server.Resource).GetEndpoint("tcp");
        var database = server.ApplicationBuilder.AddResource(new OwnedDatabaseResource(name, databaseName, server.Resource, endpoint, password.Resource));
        server.OnResourceReady(async (_, ready, ct) =>
            {
                await ready.Services.GetRequiredService<Supervisor>().PrepareAsync(name, async () =>
                    await CreateAsync(await server.Resource.GetConnectionStringAsync(ct) ?? "", databaseName, await password.Resource.GetValueAsync(ct) ?? "", ct));
                await PublishAsync(database.Resource, ready.Services, KnownResourceStates.Running);
            })
            .OnResourceStopped((_, stopped, _) => PublishAsync(database.Resource, stopped.Services, KnownResourceStates.Exited));
        return database.WithIconName("Database");
    }

    /// <summary>Aspire passes the state of a container to its children, that of an executable it does not.</summary>
    private static Task PublishAsync(OwnedDatabaseResource database, IServiceProvider services, string state) =>
        services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(database, snapshot => snapshot with { State = state });

    private static async Task CreateAsync(string superuser, string name, string password, CancellationToken ct)
    {
        await using var server = NpgsqlDataSource.Create($"{superuser};Database=postgres;Pooling=false");
        await ScalarAsync(server, $"DO $$ BEGIN CREATE ROLE {name} LOGIN; EXCEPTION WHEN duplicate_object THEN END $$", ct);
        await ScalarAsync(server, $"ALTER ROLE {name} PASSWORD '{password.Replace("'", "''", StringComparison.Ordinal)}'", ct);
        if (await ScalarAsync(server, $"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '{name}'", ct) is not { } owner)
        {
            await ScalarAsync(server, $"CREATE DATABASE {name} OWNER {name}", ct);
        }
        else if ((string)owner != name)
        {
            await using var inside = NpgsqlDataSource.Create($"{superuser};Database={name};Pooling=false");
            await ScalarAsync(inside, (await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "take-over.sql"), ct)).Replace("ROLE", name, StringComparison.Ordinal), ct);
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlDataSource source, string sql, CancellationToken ct)
    {
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(ct);
    }
}
