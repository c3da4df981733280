using ArtifactPlatform.Client.Events;

namespace ArtifactPlatform.Tests.Unit.Events;

public sealed class EventTypeTests
{
    [Fact]
    public void Every_type_of_event_can_be_listened_to()
    {
        var all = typeof(EventTypes).GetFields().Where(f => f.IsLiteral).Select(f => (string?)f.GetRawConstantValue());

        Assert.Equal(all.Order(), EventTypes.Logged.Append(EventTypes.WebhookTest).Order());
    }
}
