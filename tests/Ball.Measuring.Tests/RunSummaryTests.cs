using System.Text.Json;


namespace Ball.Measuring.Tests;

public class RunSummaryTests
{
    [Fact]
    public void The_names_are_those_of_the_contract()
    {
        var latency = new LatencyHistogram();
        latency.Add(2_000_000);
        var error = new LatencyHistogram();
        error.Add(15_000);
        var summary = new RunSummary
        {
            Frames = new FrameCounts { Rendered = 10, Encoded = 9, Sent = 8 },
            Fps = 29.97,
            Samples = 7,
            Unmatched = 0,
            Dropped = new Dictionary<string, long> { ["encode"] = 1 },
            Latency = Percentiles.Of(latency),
            StageLatency = new Dictionary<string, Percentiles> { ["encode"] = Percentiles.Of(latency)! },
            Error = ErrorFigures.Of(error),
            RealtimeError = ErrorFigures.Of(error),
            L1Total = 12.5,
            CpuPerFrame = 1.25,
            Stack = "standins",
        };
        using var json = JsonDocument.Parse(summary.ToJson());
        var root = json.RootElement;
        Assert.Equal(10, root.GetProperty("frames").GetProperty("rendered").GetInt64());
        Assert.False(root.GetProperty("frames").TryGetProperty("decoded", out _));
        Assert.Equal(29.97, root.GetProperty("fps").GetDouble());
        Assert.Equal(7, root.GetProperty("samples").GetInt64());
        Assert.Equal(0, root.GetProperty("unmatched").GetInt64());
        Assert.Equal(1, root.GetProperty("dropped").GetProperty("encode").GetInt64());
        foreach (string name in new[] { "p50", "p95", "p99" })
        {
            Assert.InRange(root.GetProperty("latency_ms").GetProperty(name).GetDouble(), 1.98, 2.02);
            Assert.InRange(root.GetProperty("stage_latency_ms").GetProperty("encode").GetProperty(name).GetDouble(), 1.98, 2.02);
        }
        foreach (string name in new[] { "mean", "p95", "max" })
        {
            Assert.InRange(root.GetProperty("error_px").GetProperty(name).GetDouble(), 1.48, 1.52);
            Assert.InRange(root.GetProperty("realtime_error_px").GetProperty(name).GetDouble(), 1.48, 1.52);
        }
        Assert.Equal(12.5, root.GetProperty("l1_total").GetDouble());
        Assert.Equal(1.25, root.GetProperty("cpu_ms_per_frame").GetDouble());
        Assert.Equal("standins", root.GetProperty("stack").GetString());
        Assert.False(root.TryGetProperty("DataFlowed", out _));
    }

    [Fact]
    public void Data_flowed_when_samples_did_or_pictures()
    {
        Assert.False(new RunSummary().DataFlowed);
        Assert.True(new RunSummary { Samples = 1 }.DataFlowed);
        Assert.True(new RunSummary { Frames = new FrameCounts { Decoded = 1 } }.DataFlowed);
    }
}
