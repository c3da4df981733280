using ArtifactPlatform.AppHost.Hosting;

namespace ArtifactPlatform.Tests.Hosting;

public sealed class SupervisorTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    [InlineData(4, 16)]
    [InlineData(5, 30)]
    [InlineData(19, 30)]
    public void The_pause_before_a_restart_doubles_up_to_half_a_minute(int restarts, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Supervisor.PauseAfter(restarts));

    [Theory]
    [InlineData(20)]
    [InlineData(1_000)]
    public void What_keeps_dying_is_given_up(int restarts) => Assert.Null(Supervisor.PauseAfter(restarts));
}
