namespace BallDetector.Tests;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_within_three_percent()
    {
        var random = new Random(8);
        var histogram = new LatencyHistogram();
        var values = Enumerable.Range(0, 100_000).Select(_ => (long)Math.Exp(random.NextDouble() * 25)).ToArray();
        foreach (var value in values)
            histogram.Add(value);
        Array.Sort(values);
        foreach (var share in new[] { 0.01, 0.25, 0.5, 0.95, 0.999, 1 })
        {
            var exact = values[(int)Math.Ceiling(share * values.Length) - 1];
            Assert.InRange(histogram.Percentile(share) * 1e6, exact * 0.97 - 1, exact * 1.03 + 1);
        }
    }

    [Fact]
    public void Any_duration_has_a_bucket()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.Percentile(0.5));
        foreach (var value in new[] { long.MinValue, -1, 0, 1, 31, 32, 33, long.MaxValue })
            histogram.Add(value);
        Assert.Equal(8, histogram.Count);
        Assert.InRange(histogram.Percentile(1) * 1e6, long.MaxValue * 0.97, long.MaxValue * 1.03);
    }
}
