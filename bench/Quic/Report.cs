using System.Globalization;
using System.Text;

namespace QuicBench;

/// <summary>What was measured, as a table with a column for each contender.</summary>
internal sealed class Report(bool isSilent = false)
{
    private readonly List<(string Name, string Unit, bool MoreIsBetter)> rows = [];
    private readonly Dictionary<(string Row, string Contender), List<double>> figures = [];
    private readonly string loadBefore = Load();

    /// <summary>Adds one round's figure; the table has the median of all rounds.</summary>
    public void Add(Contender contender, string row, double figure, string unit, bool moreIsBetter = false)
    {
        if (!rows.Exists(known => known.Name == row))
            rows.Add((row, unit, moreIsBetter));
        if (!figures.TryGetValue((row, contender.Name), out var known))
            figures[(row, contender.Name)] = known = [];
        known.Add(figure);
        if (!isSilent)
            Console.WriteLine($"{contender.Name}: {row}: {Text(figure)} {unit}");
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder("| | ours | MsQuic | times better |\n|---|---|---|---|\n");
        foreach (var (name, unit, moreIsBetter) in rows)
        {
            double? ours = Middle(name, Contender.Ours), other = Middle(name, Contender.MsQuic);
            double? ratio = moreIsBetter ? ours / other : other / ours;
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(ours, unit)} | {Cell(other, unit)} | ")
                .Append(ratio is { } times && double.IsFinite(times) ? $"{Text(times)} |\n" : "|\n");
        }

        return text.Append(CultureInfo.InvariantCulture,
            $"\n{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {loadBefore} before and ")
            .Append($"{Load()} after.\n").ToString();
    }

    private double? Middle(string row, Contender contender) =>
        figures.TryGetValue((row, contender.Name), out var known) ? new Percentiles(known).Median : null;

    private static string Cell(double? figure, string unit) => figure is { } value ? $"{Text(value)} {unit}" : "";

    private static string Text(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "F0", >= 10 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
