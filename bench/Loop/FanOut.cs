using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Loop;

/// <summary>One stream to ever more receiving clients, until the rate falls.</summary>
internal static class FanOut
{
    private const double Enough = 0.95;
    private static readonly int[] s_counts = [1, 2, 4, 8, 16, 32, 64, 128];
    private static readonly Scenario s_scenario = new(640, 480, 30);
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(3);

    public static async Task<string> RunAsync(int seconds)
    {
        var table = new StringBuilder()
            .AppendLine("| clients | server | fps, slowest client | server CPU ms/frame | of it for each further client |")
            .AppendLine("|---|---|---|---|---|");
        foreach (var name in new[] { "aiortc", "ours" })
        {
            var one = 0.0;
            foreach (var count in s_counts)
            {
                Console.Error.Write($"{count} clients at {name}'s server ... ");
                var (fps, cpu) = await MeasureAsync(name, count, seconds);
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{fps:0.0} fps, CPU {cpu:0.00} ms/frame"));
                if (count == 1)
                    one = cpu;
                var further = count == 1 ? "" : ((cpu - one) / (count - 1)).ToString("0.00", CultureInfo.InvariantCulture);
                table.AppendLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {count} | {name} | {fps:0.0} | {cpu:0.00} | {further} |"));
                if (fps < Enough * s_scenario.Fps)
                    break;
            }
        }
        return table.ToString();
    }

    private static async Task<(double Fps, double Cpu)> MeasureAsync(string name, int count, int seconds)
    {
        var port = FreePort.Next();
        using var server = Start(name, port, count, 60 + seconds);
        await using var viewers = await Viewers.ConnectAsync(port, count);
        await Task.Delay(s_settle);
        var (before, cpuBefore, watch) = (viewers.Received, server.Cpu, Stopwatch.StartNew());
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var (after, cpuAfter, elapsed) = (viewers.Received, server.Cpu, watch.Elapsed.TotalSeconds);
        var slowest = before.Zip(after, (was, now) => (now - was) / elapsed).Min();
        return (slowest, (cpuAfter - cpuBefore).TotalMilliseconds / (elapsed * s_scenario.Fps));
    }

    private static ChildProgram Start(string name, int port, int clients, int seconds) => name == "ours"
        ? new(Checkout.Program("BallServer"), "offer", "--signaling-port", $"{port}", "--urls", "http://127.0.0.1:0",
            "--no-graphics", "--seconds", $"{seconds}")
        : new("/usr/bin/python3", Checkout.AiortcPeer("ball_server.py"), "offer", "--port", $"{port}", "--clients", $"{clients}",
            "--seconds", $"{seconds}");
}
