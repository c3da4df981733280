using System.Diagnostics;
using ArtifactPlatform.ServiceDefaults;

namespace ArtifactPlatform.Tests.Unit.Telemetry;

public sealed class DropUpkeepSpansTests
{
    [Theory]
    [InlineData("db.system.name", false, false)]
    [InlineData("db.system", false, false)]
    [InlineData("db.system", true, true)]
    [InlineData("http.request.method", false, true)]
    public void Only_database_calls_that_belong_to_no_request_or_job_are_dropped(string tag, bool hasParent, bool isExported)
    {
        using var span = new Activity("call");
        if (hasParent)
        {
            span.SetParentId(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());
        }

        span.SetTag(tag, "x").Start();
        span.ActivityTraceFlags |= ActivityTraceFlags.Recorded;
        using var processor = new DropUpkeepSpans();

        processor.OnEnd(span);

        Assert.Equal(isExported, span.Recorded);
    }
}
