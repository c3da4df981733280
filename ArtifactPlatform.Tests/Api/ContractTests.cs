using System.Reflection;
using ArtifactPlatform.Api.Auth;
using Xunit;

namespace ArtifactPlatform.Tests.Api;

public sealed class ContractTests
{
    /// <summary>The framework validates public types only; it passes over internal ones without a word.</summary>
    [Fact]
    public void Everything_that_a_request_is_read_into_is_public()
    {
        var requests = typeof(Caller).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
            .Where(method => method.Name == "Handle")
            .SelectMany(method => method.GetParameters())
            .Select(parameter => parameter.ParameterType)
            .Where(type => type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name.EndsWith("Query", StringComparison.Ordinal))
            .Where(type => type.Namespace?.StartsWith("ArtifactPlatform.", StringComparison.Ordinal) == true)
            .Distinct()
            .ToList();

        Assert.NotEmpty(requests);
        Assert.DoesNotContain(requests.SelectMany(WithMembers), type => !type.IsVisible);
    }

    private static IEnumerable<Type> WithMembers(Type type) => type.GetProperties()
        .SelectMany(p => p.PropertyType.IsGenericType ? p.PropertyType.GetGenericArguments() : [p.PropertyType])
        .Where(t => t != type && t.Namespace?.StartsWith("ArtifactPlatform.", StringComparison.Ordinal) == true)
        .SelectMany(WithMembers)
        .Prepend(type);
}
