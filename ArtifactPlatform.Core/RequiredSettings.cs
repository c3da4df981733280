using ArtifactPlatform.Core.Database;
using ArtifactPlatform.Core.Queue;
using ArtifactPlatform.Core.Secrets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace ArtifactPlatform.Core;

/// <summary>Settings that have no default. They are checked together before a service starts.</summary>
public static class RequiredSettings
{
    /// <exception cref="OptionsValidationException">It is missing; the message names it.</exception>
    public static string RequiredConnectionString(this IConfiguration configuration, string name) =>
        configuration.GetConnectionString(name) is { Length: > 0 } value ? value : throw Invalid($"ConnectionStrings__{name} is not set.");

    /// <exception cref="OptionsValidationException">The connection string <c>artifactdb</c> is missing or unreadable.</exception>
    public static void RequireDatabase(this IConfiguration configuration)
    {
        if (!DatabaseSetup.IsConnectionString(configuration.RequiredConnectionString(DatabaseSetup.ConnectionName)))
        {
            throw Invalid($"ConnectionStrings__{DatabaseSetup.ConnectionName} is not a Postgres connection string (form: Host=…;Port=5432;Database=…;Username=…;Password=…).");
        }
    }

    /// <exception cref="OptionsValidationException">The connection string <c>redis</c> is missing or unreadable.</exception>
    public static void RequireRedis(this IConfiguration configuration)
    {
        if (!RedisSetup.IsConnectionString(configuration.RequiredConnectionString(RedisSetup.ConnectionName)))
        {
            throw Invalid($"ConnectionStrings__{RedisSetup.ConnectionName} is not a Redis connection string (form: host:6379,password=…,ssl=false).");
        }
    }

    /// <exception cref="OptionsValidationException">The master key is missing or short.</exception>
    public static void RequireMasterKey(this IConfiguration configuration) => _ = MasterKeyEncryptor.Key(configuration);

    /// <summary>The one type of exception for a setting that can't be used. Its message is one line for the operator, without the value of a secret.</summary>
    public static OptionsValidationException Invalid(string message) => new("", typeof(RequiredSettings), [message]);

    /// <summary>Nothing is bound to it: it carries the check.</summary>
    internal sealed class Marker;

    /// <summary>The object store's address is part of <c>StorageOptions</c>.</summary>
    internal sealed class Check(IConfiguration configuration) : IValidateOptions<Marker>
    {
        public ValidateOptionsResult Validate(string? name, Marker options)
        {
            List<string> failures = [];
            foreach (var require in new Action<IConfiguration>[] { RequireDatabase, RequireRedis, RequireMasterKey })
            {
                try
                {
                    require(configuration);
                }
                catch (OptionsValidationException e)
                {
                    failures.AddRange(e.Failures);
                }
            }

            return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
        }
    }
}
