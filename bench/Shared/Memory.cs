using System.Globalization;

namespace Bench;

/// <summary>What a process holds of the machine's memory, in megabytes.</summary>
/// <param name="Rss">All of its pages.</param>
/// <param name="Pss">Its own pages, and its share of those that others have too.</param>
internal readonly record struct Memory(double Rss, double Pss)
{
    /// <summary>Null where the process is gone.</summary>
    public static Memory? Of(int process)
    {
        try
        {
            var lines = File.ReadAllLines($"/proc/{process}/smaps_rollup");
            return new Memory(Read(lines, "Rss:"), Read(lines, "Pss:"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static double Read(string[] lines, string name)
    {
        var words = lines.First(line => line.StartsWith(name, StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(words[1], CultureInfo.InvariantCulture) * 1024 / 1e6;
    }
}
