using System.Globalization;
using System.Text;

namespace QuicBench;

/// <summary>What was measured, as a table with a column for each contender.</summary>
internal sealed class Report(bool isSilent = false)
{
    private readonly List<(string Name, string Unit, bool MoreIsBetter)> _rows = [];
    private readonly Dictionary<(string Row, string Contender), List<double>> _figures = [];
    private readonly string _loadBefore = Load();

    /// <summary>Adds one round's figure; the table has the median of all rounds.</summary>
    public void Add(Contender contender, string row, double figure, string unit, bool moreIsBetter = false)
    {
        if (!_rows.Exists(known => known.Name == row))
            _rows.Add((row, unit, moreIsBetter));
        if (!_figures.TryGetValue((row, contender.Name), out var known))
            _figures[(row, contender.Name)] = known = [];
        known.Add(figure);
        if (!isSilent)
            Console.WriteLine($"{contender.Name}: {row}: {Text(figure)} {unit}");
    }

    public string ToMarkdown()
    {
        var text = new StringBuilder("| | ours | MsQuic | times better |\n|---|---|---|---|\n");
        foreach (var (name, unit, moreIsBetter) in _rows)
        {
            double? ours = Middle(name, Contender.Ours), other = Middle(name, Contender.MsQuic);
            double? ratio = moreIsBetter ? ours / other : other / ours;
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(ours, unit)} | {Cell(other, unit)} | ")
                .Append(ratio is { } times && double.IsFinite(times) ? $"{Text(times)} |\n" : "|\n");
        }

        return text.Append(CultureInfo.InvariantCulture,
            $"\n{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, load {_loadBefore} before and ")
            .Append($"{Load()} after.\n").ToString();
    }

    private double? Middle(string row, Contender contender) =>
        _figures.TryGetValue((row, contender.Name), out var known) ? new Percentiles(known).Median : null;

    private static string Cell(double? figure, string unit) => figure is { } value ? $"{Text(value)} {unit}" : "";

    private static string Text(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "F0", >= 10 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
