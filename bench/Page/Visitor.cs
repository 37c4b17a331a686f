using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace Page;

/// <summary>A real browser before a real server: how soon, how often, how late, at what cost.</summary>
internal static class Visitor
{
    private const int Visits = 5;
    private static readonly TimeSpan s_settle = TimeSpan.FromSeconds(4);

    public static async Task<PageResult> VisitAsync(string size, int fps, int seconds)
    {
        var port = FreePort.Next();
        var address = $"http://localhost:{port}/";
        using var server = new ChildProgram(Checkout.Program("BallServer"),
            "--urls", address, "--signaling-port", "0", "--no-graphics", "--size", size, "--fps", $"{fps}");
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        await ReadyAsync(http);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(Integration.Chromium.Options);
        var first = new List<double>();
        for (var visit = 0; visit < Visits - 1; visit++)
        {
            await using var context = await browser.NewContextAsync();
            first.Add(await OpenAsync(await context.NewPageAsync(), address));
        }
        var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1400, Height = 900 } });
        first.Add(await OpenAsync(page, address));
        await Task.Delay(s_settle);

        var (before, serverCpu, allCpu) = (await PeerAsync(http), server.Cpu, CpuMeter.Of(Environment.ProcessId));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        var frames = watch.Elapsed.TotalSeconds * fps;
        var after = await PeerAsync(http);
        var (serverUsed, allUsed) = (server.Cpu - serverCpu, CpuMeter.Of(Environment.ProcessId) - allCpu);
        var scored = after.GetProperty("samples").GetInt64() - before.GetProperty("samples").GetInt64();
        first.Sort();
        return new PageResult
        {
            Scenario = $"{size}@{fps}",
            Transport = (await TextAsync(page, "transport")).Split(',')[0],
            FirstScore = (first[Visits / 2], first[^1]),
            Shown = double.Parse(await TextAsync(page, "fps"), CultureInfo.InvariantCulture),
            Scored = scored / watch.Elapsed.TotalSeconds,
            Latency = (Millis("p50"), Millis("p95"), Millis("p99")),
            Error = after.GetProperty("meanError").GetDouble(),
            Finding = double.Parse(await TextAsync(page, "cost"), CultureInfo.InvariantCulture),
            Cpu = (serverUsed.TotalMilliseconds / frames, (allUsed - serverUsed).TotalMilliseconds / frames),
        };

        double Millis(string percentile) => after.GetProperty("latency").GetProperty(percentile).GetDouble();
    }

    /// <returns>Milliseconds until the first score stands there.</returns>
    private static async Task<double> OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address, new() { WaitUntil = WaitUntilState.Commit });
        var scored = await page.WaitForFunctionAsync(
            """
            () => {
              const text = document.getElementById('error')?.textContent;
              return text > '' && text !== '–' && performance.now();
            }
            """,
            null, new() { PollingInterval = 10 });
        return await scored.JsonValueAsync<double>();
    }

    private static async Task<string> TextAsync(IPage page, string id) => await page.Locator($"#{id}").TextContentAsync() ?? "";

    private static async Task<JsonElement> PeerAsync(HttpClient http)
    {
        using var state = JsonDocument.Parse(await http.GetStringAsync("api/state"));
        return state.RootElement.GetProperty("peers").EnumerateArray().Last().Clone();
    }

    private static async Task ReadyAsync(HttpClient http)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync("health", patience.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(20, patience.Token);
        }
    }
}
