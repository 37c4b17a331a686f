using System.Text.Json.Serialization;

namespace Ball.Measuring;

/// <summary>A distance in pixels.</summary>
public sealed record ErrorFigures(
    [property: JsonPropertyName("mean")] double Mean,
    [property: JsonPropertyName("p95")] double P95,
    [property: JsonPropertyName("max")] double Max)
{
    /// <summary>Histograms of distances count in these.</summary>
    public const double PerPixel = 10_000;

    /// <summary>Of a histogram of ten-thousandths of a pixel; null where it is empty.</summary>
    public static ErrorFigures? Of(LatencyHistogram distances) => distances.Count == 0
        ? null
        : new(Pixels(distances.Mean), Pixels(distances.Percentile(95)), Pixels(distances.Max));

    static double Pixels(double units) => Math.Round(units / PerPixel, 4);
}
