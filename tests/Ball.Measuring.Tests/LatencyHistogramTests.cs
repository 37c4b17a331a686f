using FsCheck;
using FsCheck.Fluent;

namespace Ball.Measuring.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_right_to_one_percent()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var histogram = new LatencyHistogram();
            var values = new long[random.Next(1, 2000)];
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (long)Math.Exp(random.NextDouble() * 29);
                histogram.Add(values[i]);
            }
            Array.Sort(values);
            foreach (double percent in new[] { 0, 1, 50, 95, 99, 100 })
            {
                long exact = values[Math.Max(0, (int)Math.Ceiling(values.Length * percent / 100) - 1)];
                Assert.InRange(histogram.Percentile(percent), exact * 0.99 - 0.5, exact * 1.01 + 0.5);
            }
            Assert.Equal(values[^1], histogram.Max);
            Assert.Equal(values.Average(), histogram.Mean, 3);
            return histogram.Count == values.Length;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Two_halves_make_a_whole()
    {
        var random = new Random(1);
        var whole = new LatencyHistogram();
        LatencyHistogram[] halves = [new(), new()];
        for (int i = 0; i < 1000; i++)
        {
            long value = random.NextInt64(1_000_000_000);
            whole.Add(value);
            halves[i % 2].Add(value);
        }
        halves[0].Add(halves[1]);
        Assert.Equal(whole.Count, halves[0].Count);
        Assert.Equal(whole.Mean, halves[0].Mean);
        Assert.Equal(whole.Max, halves[0].Max);
        for (int percent = 0; percent <= 100; percent++)
            Assert.Equal(whole.Percentile(percent), halves[0].Percentile(percent));
    }

    [Fact]
    public void Nothing_and_nonsense_are_harmless()
    {
        var histogram = new LatencyHistogram();
        Assert.Equal(0, histogram.Percentile(50));
        Assert.Equal(0, histogram.Mean);
        histogram.Add(-5);
        Assert.Equal(0, histogram.Percentile(100));
        histogram.Add(long.MaxValue);
        Assert.Equal(LatencyHistogram.Largest, histogram.Max);
        Assert.InRange(histogram.Percentile(100), LatencyHistogram.Largest * 0.99, LatencyHistogram.Largest);
    }

    [Fact]
    public void Threads_may_add_at_once_without_memory()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 4, worker =>
        {
            for (int i = 0; i < 10_000; i++)
                histogram.Add(i * 1000);
        });
        Assert.Equal(40_000, histogram.Count);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
            histogram.Add(i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
