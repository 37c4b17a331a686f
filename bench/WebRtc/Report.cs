using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace WebRtcBench;

/// <summary>What was measured, as a Markdown table with aiortc's figures of the same run beside ours.</summary>
internal sealed class Report
{
    private readonly List<Row> _rows = [];
    private readonly string _before = Load();

    /// <summary>Keeps a figure; rows with a key are measured on aiortc too.</summary>
    public void Add(string name, double value, string unit, string? key = null, bool moreIsBetter = false)
    {
        _rows.Add(new Row(name, value, unit, key, moreIsBetter));
        Console.WriteLine($"{name}: {Text(value)} {unit}");
    }

    public string ToMarkdown(JsonNode? aiortc)
    {
        var text = new StringBuilder("| | ours | aiortc | times better |\n|---|---|---|---|\n");
        foreach (var row in _rows)
        {
            var other = row.Key is { } key ? (double?)aiortc?[key] : null;
            var ratio = row.MoreIsBetter ? row.Value / other : other / row.Value;
            text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {Text(row.Value)} {row.Unit} ")
                .Append(other is { } theirs ? $"| {Text(theirs)} {row.Unit} " : "| ")
                .Append(ratio is { } times ? $"| {Text(times)} |\n" : "| |\n");
        }

        return text.Append(
            CultureInfo.InvariantCulture,
            $"\n{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} cores, ")
            .Append(CultureInfo.InvariantCulture, $"load {_before} before and {Load()} after.\n").ToString();
    }

    private static string Text(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "F0", >= 10 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);

    private static string Load() =>
        File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    private sealed record Row(string Name, double Value, string Unit, string? Key, bool MoreIsBetter);
}
