using System.ComponentModel.DataAnnotations;

namespace ArtifactPlatform.Client;

/// <summary>Length in Unicode code points, as JSON Schema counts <c>maxLength</c>: an emoji is one of them, and two of the chars that <see cref="StringLengthAttribute"/> counts.</summary>
/// <param name="maximumLength">Code points.</param>
public sealed class TextLengthAttribute(int maximumLength) : StringLengthAttribute(maximumLength)
{
    public override bool IsValid(object? value)
    {
        if (value is not string text)
        {
            return true;
        }

        var length = text.EnumerateRunes().Count();
        return length >= MinimumLength && length <= MaximumLength;
    }
}
