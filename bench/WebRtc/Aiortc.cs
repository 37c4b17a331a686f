using System.Diagnostics;
using System.Text.Json.Nodes;

namespace WebRtcBench;

/// <summary>The same measurements on aiortc; the last line it prints is its figures.</summary>
internal static class Aiortc
{
    public static async Task<JsonNode?> MeasureAsync()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "aiortc_bench.py");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/python3")
        {
            ArgumentList = { script },
            RedirectStandardOutput = true,
        })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        string? last = null;
        try
        {
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                last = line;
            }

            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        return last is not null && last.StartsWith('{') ? JsonNode.Parse(last) : null;
    }
}
