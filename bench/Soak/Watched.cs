using System.Text.RegularExpressions;

namespace Soak;

/// <summary>One process of the graph: its memory over time, and what it complained of.</summary>
internal sealed partial class Watched(string name, int process)
{
    private readonly List<(TimeSpan At, Memory Memory)> _samples = [];

    public string Name => name;

    /// <summary>Looks at its memory.</summary>
    /// <exception cref="InvalidOperationException">It is gone.</exception>
    public Memory Sample(TimeSpan at)
    {
        var memory = Memory.Of(process) ?? throw new InvalidOperationException($"{name} (process {process}) is gone.");
        _samples.Add((at, memory));
        return memory;
    }

    /// <summary>The middle of what was seen in a span of time.</summary>
    public Memory Typical(TimeSpan from, TimeSpan to)
    {
        var seen = _samples.Where(sample => sample.At >= from && sample.At <= to).Select(sample => sample.Memory).ToList();
        return new Memory(Median(seen.Select(memory => memory.Rss)), Median(seen.Select(memory => memory.Pss)));
    }

    /// <summary>
    /// Lines of its output that tell of an exception or an error: the engine writes that to files, which it holds open.
    /// </summary>
    public IReadOnlyList<string> Complaints() =>
        [.. new[] { 1, 2 }
            .Select(stream => File.ResolveLinkTarget($"/proc/{process}/fd/{stream}", returnFinalTarget: false)?.FullName)
            .Distinct().Where(File.Exists).SelectMany(file => File.ReadLines(file!)).Where(IsComplaint)];

    public static bool IsComplaint(string line) => Complaint().IsMatch(line);

    private static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToList();
        return ordered.Count == 0 ? double.NaN : ordered[ordered.Count / 2];
    }

    /// <summary>An exception's name, or a line that our log or .NET's own marks as an error.</summary>
    [GeneratedRegex(@"\w+Exception\b|^(error|critical|fail|crit): ")]
    private static partial Regex Complaint();
}
