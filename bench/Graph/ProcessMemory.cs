using System.Globalization;

namespace Graph;

/// <summary>Memory of a process in MB: all that it sees, and with the shared part divided among those who share it.</summary>
internal sealed record ProcessMemory(string Name, double Resident, double Proportional)
{
    private static readonly (string Name, string Mark)[] s_kinds =
    [
        ("AppHost", "BallAspire.AppHost.dll"),
        ("engine: API server", "start-apiserver"),
        ("engine: controllers", "run-controllers"),
        ("engine: a monitor for each process", "monitor-process"),
        ("Dashboard, no browser", "aspire-managed"),
        ("server", "BallServer.dll"),
        ("client", "BallClient.dll"),
        ("detector", "BallDetector.dll"),
    ];

    public static string[] Names { get; } = [.. s_kinds.Select(kind => kind.Name), "other"];

    /// <returns>Null if the process has just ended.</returns>
    public static ProcessMemory? Of(int process)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{process}/cmdline");
            var kind = s_kinds.FirstOrDefault(k => command.Contains(k.Mark, StringComparison.Ordinal)).Name ?? "other";
            var memory = File.ReadAllLines($"/proc/{process}/smaps_rollup");
            return new ProcessMemory(kind, Megabytes(memory, "Rss:"), Megabytes(memory, "Pss:"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static double Megabytes(string[] lines, string name)
    {
        var line = lines.First(l => l.StartsWith(name, StringComparison.Ordinal));
        return int.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }
}
