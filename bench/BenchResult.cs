using System.Globalization;

namespace ArtifactPlatform.Bench;

/// <summary>One measurement beside its baseline.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Measured">Its value, in <paramref name="Unit"/>.</param>
/// <param name="Baseline">The value that the machine can do without the platform.</param>
/// <param name="BaselineName">What the baseline is.</param>
/// <param name="Target">The goal in words.</param>
/// <param name="Met">Whether it was reached.</param>
public sealed record BenchResult(string Name, double Measured, double Baseline, string Unit, string BaselineName, string Target, bool Met)
{
    public static void Print(IEnumerable<BenchResult> results)
    {
        Console.WriteLine();
        Console.WriteLine("| benchmark | measured | baseline | ratio | target | met |");
        Console.WriteLine("|---|---|---|---|---|---|");
        foreach (var r in results)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {r.Name} | {r.Measured:0.##} {r.Unit} | {r.Baseline:0.##} {r.Unit} ({r.BaselineName}) | {r.Measured / r.Baseline:0.00} | {r.Target} | {(r.Met ? "yes" : "no")} |"));
        }
    }
}
