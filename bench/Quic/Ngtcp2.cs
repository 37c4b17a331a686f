using System.Diagnostics;

namespace QuicBench;

/// <summary>
/// Debian's ngtcp2 client against our server: a client that nobody here wrote. It says no times, so its whole runs are timed, and
/// the shortest one is what a run costs that sends nothing.
/// </summary>
internal static class Ngtcp2
{
    private const string Program = "/usr/bin/gtlsclient";

    public static async Task MeasureAsync(Report report, int megabytes)
    {
        if (!File.Exists(Program))
            return;
        var content = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(content, new byte[megabytes << 20]);
            using var remote = await Remote.StartAsync(Contender.Ours);
            await RunAsync(remote, $"-d {content}");
            double empty = double.MaxValue;
            for (int i = 0; i < 10; i++)
                empty = Math.Min(empty, await RunAsync(remote, ""));
            var before = await remote.UsageAsync();
            double full = await RunAsync(remote, $"-d {content}");
            var used = await remote.UsageAsync() - before;
            report.Add(Contender.Ours, "ngtcp2's client: start, handshake, a request", empty * 1000, "ms");
            report.Add(Contender.Ours, "ngtcp2's client: one stream to the server", megabytes / (full - empty), "MiB/s", true);
            report.Add(Contender.Ours, "ngtcp2's client: server's processor time", used.CpuSeconds * 1000 / megabytes, "ms/MiB");
        }
        finally
        {
            File.Delete(content);
        }
    }

    private static async Task<double> RunAsync(Remote remote, string arguments)
    {
        var watch = Stopwatch.StartNew();
        using var client = Process.Start(new ProcessStartInfo(
            Program,
            $"-q --exit-on-all-streams-close {arguments} {remote.Address.Address} {remote.Address.Port} https://{remote.Address}/")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var said = Task.WhenAll(
            client.StandardOutput.ReadToEndAsync(patience.Token), client.StandardError.ReadToEndAsync(patience.Token));
        await client.WaitForExitAsync(patience.Token);
        return client.ExitCode == 0
            ? watch.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"{Program} failed: {string.Concat(await said)}");
    }
}
