using ArtifactPlatform.Api.Setup;

namespace ArtifactPlatform.Tests.Unit.Usage;

/// <summary>The options of the operator's command.</summary>
public sealed class SetQuotaTests
{
    [Theory]
    [InlineData("--company", "c")]
    [InlineData("--company", "c", "--stored-bytes", "0", "--encode-minutes", "153722867280912", "--views", "9223372036854775807")]
    [InlineData("--views", "unlimited", "--company", "c", "--stored-bytes", "default")]
    public void Well_formed_options_are_read(params string[] arguments) => Assert.Equal(arguments.Length / 2, SetQuota.Parse(arguments)?.Count);

    [Theory]
    [InlineData("--company")]
    [InlineData("--company", "")]
    [InlineData("company", "c")]
    [InlineData("--company", "c", "--views", "-1")]
    [InlineData("--company", "c", "--views", "1.5")]
    [InlineData("--company", "c", "--views", "many")]
    [InlineData("--company", "c", "--views", "1", "--views", "2")]
    [InlineData("--company", "c", "--encode-minutes", "9223372036854775807")]
    [InlineData("--company", "c", "--downloads", "1")]
    public void Other_options_are_refused(params string[] arguments) => Assert.Null(SetQuota.Parse(arguments));
}
