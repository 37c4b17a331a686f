using System.Diagnostics;

namespace QuicBench;

/// <summary>
/// Debian's ngtcp2 client against our server: a client that nobody here wrote. It says no times, so its whole runs are timed.
/// </summary>
internal static class Ngtcp2
{
    private const string Program = "/usr/bin/gtlsclient";

    public static async Task MeasureAsync(Report report)
    {
        if (!File.Exists(Program))
            return;
        using var remote = await Remote.StartAsync(Contender.Ours);
        var times = new List<double>();
        for (int i = 0; i < 20; i++)
            times.Add(await RunAsync(remote));
        report.Add(
            Contender.Ours, "ngtcp2's client: start, handshake, a request, end", new Percentiles(times).Median * 1000, "ms");
    }

    private static async Task<double> RunAsync(Remote remote)
    {
        var watch = Stopwatch.StartNew();
        using var client = Process.Start(new ProcessStartInfo(
            Program,
            "--exit-on-all-streams-close --no-quic-dump "
            + $"{remote.Address.Address} {remote.Address.Port} https://{remote.Address}/")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var said = Task.WhenAll(
            client.StandardOutput.ReadToEndAsync(patience.Token), client.StandardError.ReadToEndAsync(patience.Token));
        await client.WaitForExitAsync(patience.Token);
        double seconds = watch.Elapsed.TotalSeconds;
        string output = string.Concat(await said);
        return output.Contains(":status: 200") ? seconds : throw new InvalidOperationException($"{Program} failed: {output}");
    }
}
