using System.Globalization;

namespace Page;

/// <summary>What one visit came to.</summary>
internal sealed record PageResult
{
    public required string Scenario { get; init; }

    public required string Transport { get; init; }

    /// <summary>From the click until the first score stands on the page; the median visit's, and the slowest's.</summary>
    public required (double Median, double Most) FirstScore { get; init; }

    public required double Shown { get; init; }

    public required double Scored { get; init; }

    public required (double P50, double P95, double P99) Latency { get; init; }

    public required double Error { get; init; }

    public required double Finding { get; init; }

    /// <summary>Milliseconds of processor time a frame.</summary>
    public required (double Server, double Browser) Cpu { get; init; }

    public static string Head =>
        "| stream | way | first score ms (slowest) | shown fps | scored/s | loop p50 / p95 / p99 ms | error px | finding ms "
        + "| server, browser CPU ms/frame |\n"
        + "|---|---|---|---|---|---|---|---|---|\n";

    public string Row => string.Create(CultureInfo.InvariantCulture,
        $"| {Scenario} | {Transport} | {FirstScore.Median:0} ({FirstScore.Most:0}) | {Shown:0.0} | {Scored:0.0} "
        + $"| {Latency.P50:0.0} / {Latency.P95:0.0} / {Latency.P99:0.0} | {Error:0.0000} | {Finding:0.00} "
        + $"| {Cpu.Server:0.0}, {Cpu.Browser:0.0} |\n");
}
