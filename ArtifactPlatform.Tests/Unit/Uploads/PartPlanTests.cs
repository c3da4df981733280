using ArtifactPlatform.Core.Uploads;

namespace ArtifactPlatform.Tests.Unit.Uploads;

public sealed class PartPlanTests
{
    private const long MiB = 1L << 20;

    /// <summary>Every border there can be: around each size at which the plan changes, and a spread of random sizes over all magnitudes.</summary>
    private static IEnumerable<long> Sizes()
    {
        var random = new Random(4711);
        var borders = Enumerable.Range(5, 600).SelectMany(m => new[] { m * MiB * PartPlan.MaxParts, m * MiB, m * 16 * MiB }).SelectMany(b => new[] { b - 1, b, b + 1 });
        var spread = Enumerable.Range(0, 20_000).Select(_ => (long)Math.Pow(2, random.NextDouble() * 42.3));
        return borders.Concat(spread).Concat([1, UploadLimits.MultipartFromBytes, UploadLimits.MaxFileBytes - 1, UploadLimits.MaxFileBytes]).Where(s => s is > 0 and <= UploadLimits.MaxFileBytes);
    }

    [Fact]
    public void Parts_of_any_file_fit_the_limits_of_s3() => Assert.All(Sizes(), size =>
    {
        var part = PartPlan.SizeFor(size);
        var count = PartPlan.CountOf(size, part);

        Assert.InRange(part, 5 * MiB, 5L << 30);
        Assert.Equal(0, part % MiB);
        Assert.InRange(count, 1, PartPlan.MaxParts);
    });

    [Fact]
    public void Parts_cover_the_file_exactly() => Assert.All(Sizes(), size =>
    {
        var part = PartPlan.SizeFor(size);
        var count = PartPlan.CountOf(size, part);
        var last = PartPlan.SizeOf(count, size, part);

        Assert.InRange(last, 1, part);
        Assert.Equal(size, ((count - 1) * part) + last);
        Assert.True(count == 1 || PartPlan.SizeOf(1, size, part) == part);
    });

    [Fact]
    public void A_larger_file_never_gets_smaller_parts()
    {
        var parts = Sizes().Order().Select(PartPlan.SizeFor).ToList();

        Assert.Equal(parts.Order(), parts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData((5L << 40) + 1)]
    public void A_size_that_no_store_takes_is_refused(long size) => Assert.Throws<ArgumentOutOfRangeException>(() => PartPlan.SizeFor(size));
}
