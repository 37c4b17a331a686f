using System.Globalization;

/// <summary>Milliseconds, sorted.</summary>
internal sealed class Percentiles
{
    private readonly double[] _sorted;

    public Percentiles(IEnumerable<double> milliseconds) => _sorted = [.. milliseconds.Order()];

    public double Median => At(0.5);

    public double At(double share) => _sorted[(int)Math.Min(_sorted.Length - 1, _sorted.Length * share)];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"p50 {Median,7:F3}  p95 {At(0.95),7:F3}  p99 {At(0.99),7:F3} ms");
}
