using ArtifactPlatform.Client.Usage;
using ArtifactPlatform.Web.Layout;

namespace ArtifactPlatform.Web.Usage;

/// <summary>What the chart can show of each day.</summary>
public enum UsageMeasure
{
    StoredBytes,
    IngestedBytes,
    EncodeMinutes,
    Views,
}

public static class UsageMeasures
{
    public static string Name(this UsageMeasure measure) => measure switch
    {
        UsageMeasure.StoredBytes => "Stored at the day's end",
        UsageMeasure.IngestedBytes => "Taken in",
        UsageMeasure.EncodeMinutes => "Encode minutes",
        _ => "Views",
    };

    public static double Of(this UsageMeasure measure, UsageOfDay day) => measure switch
    {
        UsageMeasure.StoredBytes => day.StoredBytes,
        UsageMeasure.IngestedBytes => day.IngestedBytes,
        UsageMeasure.EncodeMinutes => day.EncodeMinutes,
        _ => day.Views,
    };

    public static string Show(this UsageMeasure measure, double value) => measure switch
    {
        UsageMeasure.StoredBytes or UsageMeasure.IngestedBytes => Words.Bytes((long)value),
        UsageMeasure.EncodeMinutes => Words.Minutes(value),
        _ => Words.Count(value),
    };
}
