using System.Text.Json.Serialization;

namespace Ball.Measuring;

/// <summary>A latency in milliseconds.</summary>
public sealed record Percentiles(
    [property: JsonPropertyName("p50")] double P50,
    [property: JsonPropertyName("p95")] double P95,
    [property: JsonPropertyName("p99")] double P99)
{
    /// <summary>Of a histogram of nanoseconds; null where it is empty.</summary>
    public static Percentiles? Of(LatencyHistogram nanoseconds) => nanoseconds.Count == 0
        ? null
        : new(Milliseconds(nanoseconds, 50), Milliseconds(nanoseconds, 95), Milliseconds(nanoseconds, 99));

    static double Milliseconds(LatencyHistogram nanoseconds, double percent) =>
        Math.Round(nanoseconds.Percentile(percent) / 1e6, 4);
}
