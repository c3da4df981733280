using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Runtime.CompilerServices;

namespace ArtifactPlatform.Client;

/// <summary>
/// Changes to something that is there. It knows which members it was given, so that null, which takes a value away, is told from a member
/// left out, which stays as it is; and only what it was given is sent.
/// </summary>
public abstract record PatchRequest
{
    private ImmutableHashSet<string> named = [];

    /// <summary>Whether the request was given this member, be it as null.</summary>
    /// <param name="member">The property's name.</param>
    public bool Names(string member) => named.Contains(member);

    /// <summary>Whether it was given none: then it changes nothing.</summary>
    public bool IsEmpty() => named.IsEmpty;

    /// <summary>For each property's <c>init</c>.</summary>
    protected T Named<T>(T value, [CallerMemberName] string member = "")
    {
        named = named.Add(member);
        return value;
    }
}

/// <summary>A member of a <see cref="PatchRequest"/> that can be left out but not taken away.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeverNullAttribute() : ValidationAttribute("The field {0} must not be null. Leave it out to keep what is there.")
{
    public override bool RequiresValidationContext => true;

    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext)
    {
        ArgumentNullException.ThrowIfNull(validationContext);
        return value is null && validationContext is { ObjectInstance: PatchRequest request, MemberName: { } member } && request.Names(member)
            ? new ValidationResult(FormatErrorMessage(validationContext.DisplayName), [member])
            : ValidationResult.Success;
    }
}
