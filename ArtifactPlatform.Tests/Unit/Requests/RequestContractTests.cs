using System.ComponentModel.DataAnnotations;
using System.Reflection;
using ArtifactPlatform.Api.Auth;

namespace ArtifactPlatform.Tests.Unit.Requests;

public sealed class RequestContractTests
{
    private static readonly List<Type> Requests = typeof(Caller).Assembly.GetTypes()
        .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public))
        .Where(method => method.Name == "Handle")
        .SelectMany(method => method.GetParameters())
        .Select(parameter => parameter.ParameterType)
        .Where(type => type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name.EndsWith("Query", StringComparison.Ordinal))
        .Where(type => type.Namespace?.StartsWith("ArtifactPlatform.", StringComparison.Ordinal) == true)
        .Distinct()
        .ToList();

    /// <summary>The framework validates public types only; it passes over internal ones without a word.</summary>
    [Fact]
    public void Everything_that_a_request_is_read_into_is_public()
    {
        Assert.NotEmpty(Requests);
        Assert.DoesNotContain(Requests.SelectMany(WithMembers), type => !type.IsVisible);
    }

    /// <summary>The framework's own words for lists speak of collection types, and those for numbers without an upper bound of 9.2E+18.</summary>
    [Fact]
    public void Limits_of_lists_and_of_unbounded_numbers_are_told_in_plain_words()
    {
        var limits = Requests.SelectMany(WithMembers).Distinct()
            .SelectMany(type => type.GetProperties())
            .Where(member => member.PropertyType != typeof(string))
            .SelectMany(member => member.GetCustomAttributes<ValidationAttribute>().Where(a => a is LengthAttribute or MaxLengthAttribute or MinLengthAttribute or RangeAttribute).Select(a => a.FormatErrorMessage(member.Name)))
            .ToList();

        Assert.NotEmpty(limits);
        Assert.DoesNotContain(limits, message => message.Contains("collection", StringComparison.Ordinal) || message.Contains("E+", StringComparison.Ordinal));
    }

    private static IEnumerable<Type> WithMembers(Type type) => type.GetProperties()
        .SelectMany(p => p.PropertyType.IsGenericType ? p.PropertyType.GetGenericArguments() : [p.PropertyType])
        .Where(t => t != type && t.Namespace?.StartsWith("ArtifactPlatform.", StringComparison.Ordinal) == true)
        .SelectMany(WithMembers)
        .Prepend(type);
}
