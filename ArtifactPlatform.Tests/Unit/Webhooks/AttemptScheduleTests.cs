using ArtifactPlatform.Core.Webhooks;
using ArtifactPlatform.Worker.Webhooks;

namespace ArtifactPlatform.Tests.Unit.Webhooks;

public sealed class AttemptScheduleTests
{
    [Theory]
    [InlineData(1, "00:00:05")]
    [InlineData(2, "00:05:00")]
    [InlineData(3, "00:30:00")]
    [InlineData(4, "02:00:00")]
    [InlineData(5, "05:00:00")]
    [InlineData(6, "10:00:00")]
    [InlineData(7, "14:00:00")]
    [InlineData(8, "20:00:00")]
    [InlineData(9, "1.00:00:00")]
    public void Each_attempt_waits_as_the_contract_says_and_never_shorter(int attempt, string wait)
    {
        var expected = TimeSpan.Parse(wait, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(expected, AttemptSchedule.WaitAfter(attempt, 0));
        Assert.InRange(AttemptSchedule.WaitAfter(attempt, 0.5)!.Value, expected * 1.04, expected * 1.06);
        Assert.InRange(AttemptSchedule.WaitAfter(attempt, 1)!.Value, expected * 1.09, expected * 1.11);
    }

    [Fact]
    public void The_tenth_attempt_is_the_last_and_lies_behind_the_three_days_of_an_endpoint_that_fails()
    {
        Assert.Equal(10, AttemptSchedule.MaxAttempts);
        Assert.Null(AttemptSchedule.WaitAfter(10, 0));
        Assert.True(Enumerable.Range(1, 9).Aggregate(TimeSpan.Zero, (sum, attempt) => sum + AttemptSchedule.WaitAfter(attempt, 0)!.Value) > WebhookLimits.MaxFailing);
    }
}
