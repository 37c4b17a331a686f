using System.Globalization;

namespace Bench;

/// <summary>
/// What a program and all its descendants have used of the processors, seen from outside, the same way for everybody.
/// </summary>
internal static class CpuMeter
{
    private const double TicksPerSecond = 100;

    public static TimeSpan Of(int pid)
    {
        var parents = new Dictionary<int, (int Parent, long Ticks)>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var process) && Read(process) is { } stat)
                parents[process] = stat;
        }
        var ticks = parents.Where(process => DescendsFrom(process.Key, pid, parents)).Sum(process => process.Value.Ticks);
        return TimeSpan.FromSeconds(ticks / TicksPerSecond);
    }

    private static bool DescendsFrom(int process, int ancestor, Dictionary<int, (int Parent, long Ticks)> parents)
    {
        while (process != ancestor)
        {
            if (!parents.TryGetValue(process, out var stat) || stat.Parent == 0)
                return false;
            process = stat.Parent;
        }
        return true;
    }

    private static (int Parent, long Ticks)? Read(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            // The program's name may hold spaces and brackets; the fields follow its last bracket.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture),
                long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
