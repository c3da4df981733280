namespace ArtifactPlatform.Api.Requests;

/// <summary>Rows hold microseconds and answers show whole milliseconds: whoever sends back an instant that was shown means all of that millisecond.</summary>
internal static class ShownInstant
{
    /// <summary>The first instant that is shown as later than <paramref name="instant"/>. What is before an instant as it is shown is before it in the row as well.</summary>
    public static DateTimeOffset After(DateTimeOffset instant)
    {
        var shown = instant.UtcTicks / TimeSpan.TicksPerMillisecond;
        var last = DateTimeOffset.MaxValue.UtcTicks / TimeSpan.TicksPerMillisecond;
        return shown < last ? new DateTimeOffset((shown + 1) * TimeSpan.TicksPerMillisecond, TimeSpan.Zero) : DateTimeOffset.MaxValue;
    }
}
