using System.Globalization;

namespace ArtifactPlatform.Core.Usage;

/// <summary>A company has not enough left of what it asks for. Thrown inside a transaction, so that nothing of it stays.</summary>
/// <param name="most">The quota, in the unit that the kind is counted in; so are the others.</param>
/// <param name="taken">Used and reserved.</param>
/// <param name="amount">Asked for; 0 where the size is not known yet.</param>
public sealed class QuotaExceededException(UsageKind kind, long most, long taken, long amount) : Exception(Explain(kind, most, taken, amount))
{
    /// <summary>The <c>code</c> of the error, and of what fails in the background.</summary>
    public const string Code = "quota_exceeded";

    private static string Explain(UsageKind kind, long most, long taken, long amount)
    {
        var (what, remedy) = kind switch
        {
            UsageKind.StoredBytes => ("stored bytes", "Delete artifacts that are no longer needed"),
            UsageKind.EncodeTime => ("encode minutes of this month", "Wait for the next month (UTC)"),
            _ => ("views of this month", "Wait for the next month (UTC)"),
        };
        var needs = amount == 0 ? "" : $", and this needs {Show(kind, amount)} more";
        return $"The company's quota of {what} does not allow this: {Show(kind, taken)} of {Show(kind, most)} are used or reserved{needs}. {remedy}, or ask the operator to raise the quota.";
    }

    private static string Show(UsageKind kind, long amount) => kind == UsageKind.EncodeTime
        ? string.Create(CultureInfo.InvariantCulture, $"{amount / (double)UsageKinds.MillisecondsPerMinute:0.##}")
        : amount.ToString(CultureInfo.InvariantCulture);
}
