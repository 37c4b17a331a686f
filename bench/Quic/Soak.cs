using System.Diagnostics;
using System.Globalization;
using System.Text;
using Ball.WebTransport;
using Ball.WebTransport.Tests;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace QuicBench;

/// <summary>
/// Long sessions of a real Chromium: a page that says nothing, one whose echoes are counted (30 datagrams and 30 messages on a
/// stream a second, and a new stream each second), and the real page before the real server.
/// </summary>
internal sealed class Soak : IAsyncDisposable
{
    private const int PacketsPerKey = 5000;
    private static readonly TimeSpan s_sample = TimeSpan.FromMinutes(1);

    private const string Idle = """
        async ([url, hashes]) => {
          const transport = globalThis.transport = new WebTransport(url, { serverCertificateHashes: hashes.map(hash => ({
            algorithm: 'sha-256', value: Uint8Array.from(atob(hash), c => c.charCodeAt(0)) })) });
          globalThis.ended = '';
          transport.closed.then(() => ended = 'closed', error => ended = String(error));
          await transport.ready;
        }
        """;

    private const string Busy = """
        async () => {
          const counts = globalThis.counts = {
            posted: 0, postedBack: 0, written: 0, writtenBack: 0, streams: 0, streamsBack: 0, wrong: 0 };
          const datagrams = transport.datagrams.createWritable?.() ?? transport.datagrams.writable;
          const poster = datagrams.getWriter();
          const stream = await transport.createBidirectionalStream();
          const writer = stream.writable.getWriter();
          const read = async (readable, on) => {
            const reader = readable.getReader();
            for (let next = await reader.read(); !next.done; next = await reader.read()) on(next.value);
          };
          void read(transport.datagrams.readable, () => counts.postedBack++);
          void read(stream.readable, bytes => counts.writtenBack += bytes.length);
          const once = async () => {
            counts.streams++;
            const { readable, writable } = await transport.createBidirectionalStream();
            const bytes = new Uint8Array(20000).fill(counts.streams & 255);
            const all = new Response(readable).arrayBuffer();
            const out = writable.getWriter();
            await out.write(bytes);
            await out.close();
            const back = new Uint8Array(await all);
            back.length === bytes.length && back.every(byte => byte === bytes[0]) ? counts.streamsBack++ : counts.wrong++;
          };
          let ticks = 0;
          globalThis.stop = setInterval(() => {
            counts.posted++;
            poster.write(new Uint8Array(200)).catch(() => counts.wrong++);
            const size = 32 + (ticks * 37) % 1000;
            counts.written += size;
            writer.write(new Uint8Array(size)).catch(() => counts.wrong++);
            if (ticks++ % 30 === 0) once().catch(() => counts.wrong++);
          }, 33);
        }
        """;

    private readonly List<Row> _rows = [];
    private readonly KeptLog _log;
    private readonly PageServer _pages = new("<!doctype html><title>soak</title>");
    private readonly EchoServer _echo;
    private readonly BallProcess _ball;
    private readonly IBrowser _browser;

    private Soak(EchoServer echo, KeptLog log, BallProcess ball, IBrowser browser)
    {
        _echo = echo;
        _log = log;
        _ball = ball;
        _browser = browser;
    }

    public static async Task<SoakResult> RunAsync(TimeSpan length)
    {
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = ["--no-sandbox", "--disable-gpu"] });
        var log = new KeptLog();
        await using var echo = await EchoServer.StartAsync(
            new WebTransportServerOptions { Quic = QuicChoice.BuiltIn, PacketsPerKey = PacketsPerKey }, log: log);
        await using var ball = await BallProcess.StartAsync();
        await using var soak = new Soak(echo, log, ball, browser);
        return await soak.WatchAsync(length);
    }

    public ValueTask DisposeAsync() => _pages.DisposeAsync();

    private async Task<SoakResult> WatchAsync(TimeSpan length)
    {
        var complaints = new List<string>();
        var idle = await OpenAsync(complaints);
        var busy = await OpenAsync(complaints);
        await busy.EvaluateAsync(Busy);
        var page = await _browser.NewPageAsync();
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(_ball.Address.OriginalString);

        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < length)
        {
            await Task.Delay(s_sample < length - watch.Elapsed ? s_sample : length - watch.Elapsed);
            _rows.Add(await LookAsync(watch.Elapsed, idle, busy, page));
            Console.WriteLine(_rows[^1]);
        }

        // What is under way comes home first.
        await busy.EvaluateAsync("() => clearInterval(stop)");
        await Task.Delay(TimeSpan.FromSeconds(2));
        var last = await LookAsync(watch.Elapsed, idle, busy, page);
        foreach (var one in new[] { idle, busy, page })
            await one.CloseAsync();
        for (var ending = Stopwatch.StartNew(); Ended.Count < 3 && ending.Elapsed < TimeSpan.FromSeconds(20);)
            await Task.Delay(100);
        return Conclude(last, complaints);
    }

    private async Task<IPage> OpenAsync(List<string> complaints)
    {
        var page = await _browser.NewPageAsync();
        page.PageError += (_, error) => complaints.Add(error);
        await page.GotoAsync(_pages.Url);
        await page.EvaluateAsync(Idle, _echo.PageArguments());
        return page;
    }

    private async Task<Row> LookAsync(TimeSpan at, IPage idle, IPage busy, IPage page)
    {
        string ended = await idle.EvaluateAsync<string>("() => ended") + await busy.EvaluateAsync<string>("() => ended");
        var counts = await busy.EvaluateAsync<Dictionary<string, long>>("() => counts");
        string state =
            $"{await page.Locator("#phase").TextContentAsync()}, {await page.Locator("#transport").TextContentAsync()}";
        using var self = Process.GetCurrentProcess();
        double heap = GC.GetTotalMemory(forceFullCollection: true) / 1048576.0;
        return new Row(at, ended, counts, state, self.WorkingSet64 / 1048576.0, heap, _ball.Megabytes,
            self.TotalProcessorTime.TotalSeconds, _ball.CpuSeconds);
    }

    /// <summary>What the servers said of connections that are over.</summary>
    private List<string> Ended => [.. _log.Saying("The connection of"), .. _ball.Saying("The connection of")];

    private SoakResult Conclude(Row last, List<string> complaints)
    {
        // The first minutes compile code and fill pools.
        var warm = _rows[Math.Min(_rows.Count - 1, 4)];
        var counts = last.Counts;
        bool isGood = _rows.Append(last).All(IsLive)
            && complaints.Count == 0 && counts["wrong"] == 0 && counts["written"] == counts["writtenBack"]
            && Ended.Count >= 3 && counts["streams"] == counts["streamsBack"] && counts["postedBack"] > counts["posted"] * 0.99
            && last.Heap < warm.Heap + 4 && last.BallMegabytes < warm.BallMegabytes * 1.2;
        static bool IsLive(Row row) => row.Ended.Length == 0 && row.Page.StartsWith("Live, WebT", StringComparison.Ordinal);
        var text = new StringBuilder("| what | seen |\n|---|---|\n");
        void Add(string what, FormattableString seen) =>
            text.Append($"| {what} | {seen.ToString(CultureInfo.InvariantCulture)} |\n");
        Add("length", $"{last.At.TotalMinutes:0.0} min");
        Add("idle session, echo session", $"{(last.Ended.Length == 0 ? "both lived" : last.Ended)}");
        Add("real page before the real server", $"{last.Page}");
        Add("datagrams sent, came back", $"{counts["posted"]}, {counts["postedBack"]}");
        Add("bytes on one stream, came back", $"{counts["written"]}, {counts["writtenBack"]}");
        Add("streams of 20 kB, came back whole", $"{counts["streams"]}, {counts["streamsBack"]}");
        Add("errors in the pages", $"{complaints.Count + counts["wrong"]}");
        Add("echo server's heap after collection, in minute 5 and at the end", $"{warm.Heap:0.0}, {last.Heap:0.0} MB");
        Add("its processor time", $"{last.Cpu / last.At.TotalSeconds * 100:0.0} %");
        Add("BallServer's memory, in minute 5 and at the end", $"{warm.BallMegabytes:0}, {last.BallMegabytes:0} MB");
        Add("its processor time", $"{last.BallCpu / last.At.TotalSeconds * 100:0.0} %");
        foreach (string connection in Ended)
            Add("a connection, as its server saw it", $"{connection[connection.IndexOf("ended:", StringComparison.Ordinal)..]}");
        return new SoakResult(isGood, text.ToString());
    }

    private sealed record Row(
        TimeSpan At, string Ended, Dictionary<string, long> Counts, string Page, double Megabytes, double Heap,
        double BallMegabytes, double Cpu, double BallCpu)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture,
            $"{At.TotalMinutes,5:0.0} min  {string.Join(' ', Counts.Select(count => $"{count.Key} {count.Value}"))}  {Page}  "
            + $"heap {Heap:0.0} rss {Megabytes:0} ball {BallMegabytes:0} MB  cpu {Cpu:0.0} {BallCpu:0.0} s  {Ended}");
    }
}
