using ArtifactPlatform.Api.ApiKeys;
using ArtifactPlatform.Core.Storage;

namespace ArtifactPlatform.Tests.Unit.ApiKeys;

public sealed class S3CredentialProblemTests
{
    [Fact]
    public void Every_problem_has_a_word_of_its_own_and_says_what_to_do()
    {
        var access = new S3Access("AK", "secret", null, "eu-west-1", new Uri("https://store.example.com"));
        var verdicts = Enum.GetValues<S3Problem>().Except([S3Problem.AccessDenied]).Select(problem => TestS3Credentials.Explain(problem, new S3Path("bucket", "key"), access)).ToList();

        Assert.Distinct(verdicts.Select(v => v.Problem));
        Assert.Contains(verdicts, v => v.Problem == "clock_skew" && v.Hint!.Contains("clock", StringComparison.Ordinal));
        Assert.Contains(verdicts, v => v.Problem == "wrong_region" && v.Hint!.Contains("eu-west-1", StringComparison.Ordinal));
        Assert.Contains(verdicts, v => v.Problem == "endpoint_forbidden" && v.Hint!.Contains("private", StringComparison.Ordinal));
        Assert.All(verdicts, v => Assert.True(!v.Ok && v.Hint!.Length > 30 && !v.Hint.Contains("secret\"", StringComparison.Ordinal)));
    }
}
