using System.Diagnostics;
using OpenTelemetry;

namespace ArtifactPlatform.ServiceDefaults;

/// <summary>Does not export database and Redis calls that belong to no request or job: workers look for work several times a second.</summary>
internal sealed class DropUpkeepSpans : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        if (data.ParentSpanId == default && (data.GetTagItem("db.system.name") ?? data.GetTagItem("db.system")) is not null)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
