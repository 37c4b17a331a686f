namespace Graph;

/// <summary>One process of a run: what it is there, and what it holds.</summary>
internal sealed record GraphProcess(string Kind, Memory Memory)
{
    private static readonly (string Kind, string Mark)[] s_kinds =
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

    public static string[] Kinds { get; } = [.. s_kinds.Select(kind => kind.Kind), "other"];

    /// <returns>Null if the process has just ended.</returns>
    public static GraphProcess? Of(int process)
    {
        try
        {
            var command = File.ReadAllText($"/proc/{process}/cmdline");
            var kind = s_kinds.FirstOrDefault(k => command.Contains(k.Mark, StringComparison.Ordinal)).Kind ?? "other";
            return Memory.Of(process) is { } memory ? new GraphProcess(kind, memory) : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
