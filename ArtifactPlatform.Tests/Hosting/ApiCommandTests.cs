namespace ArtifactPlatform.Tests.Hosting;

/// <summary>The commands of the resource <c>api</c> on the Aspire dashboard.</summary>
public sealed class ApiCommandTests(Platform platform) : IClassFixture<StartedPlatform>
{
    [Fact]
    public async Task Doctor_reports_each_check_of_the_store()
    {
        var (succeeded, output) = await platform.App.RunCommandAsync("api", "doctor");

        Assert.True(succeeded, output);
        Assert.Contains("presigned", output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Migrate_can_be_repeated()
    {
        var (succeeded, output) = await platform.App.RunCommandAsync("api", "migrate");

        Assert.True(succeeded, output);
    }

    [Fact]
    public async Task Quota_shows_and_sets_what_a_company_may_use()
    {
        var company = ("company", (await platform.NewCompanyAsync()).CompanyId);

        var changed = await platform.App.RunCommandAsync("api", "quota", company, ("stored-bytes", "7"), ("views", "unlimited"), ("encode-minutes", ""));
        var shown = await platform.App.RunCommandAsync("api", "quota", company);

        Assert.True(changed.Succeeded, changed.Output);
        Assert.StartsWith("stored-bytes 7\n", changed.Output, StringComparison.Ordinal);
        Assert.Equal(changed, shown);
    }

    [Theory]
    [InlineData("none", "7", "There is no company with the id none")]
    [InlineData("none", "-7", "stored-bytes")]
    [InlineData("--help", "7", "--company")]
    public async Task A_quota_that_cannot_be_set_is_explained(string company, string bytes, string problem)
    {
        var (succeeded, output) = await platform.App.RunCommandAsync("api", "quota", ("company", company), ("stored-bytes", bytes));

        Assert.False(succeeded);
        Assert.Contains(problem, output, StringComparison.Ordinal);
    }
}
