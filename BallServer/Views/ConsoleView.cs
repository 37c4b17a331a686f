using System.Globalization;
using Ball.World;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BallServer.Views;

/// <summary>A table that stays in its place on the terminal, with the newest lines of the log below it.</summary>
internal sealed class ConsoleView : IView
{
    /// <summary>What the roomy table needs; below it, or with more peers than fit, a row is one line.</summary>
    private const int RoomyWidth = 98;
    private const int LinesAround = 8;

    private readonly IAnsiConsole _console;
    private readonly LogTail _log;
    private readonly BlockingFrame _frame = new();
    private readonly Task _live;

    public ConsoleView(IAnsiConsole console, LogTail log)
    {
        _console = console;
        _log = log;
        _live = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
    }

    public TimeSpan Every { get; } = TimeSpan.FromMilliseconds(250);

    public bool Show(LoopReport report)
    {
        _frame.Put(Render(report, _log.Lines, _console.Profile.Width, _console.Profile.Height));
        return true;
    }

    public void Dispose()
    {
        _frame.Close();
        _live.Wait(TimeSpan.FromSeconds(1));
    }

    internal static IRenderable Render(LoopReport report, IReadOnlyList<string> log, int width, int height)
    {
        List<IRenderable> rows = [new Markup(Title(report)), new Markup(Below(report))];
        if (report.Peers.Count > 0)
        {
            var room = height - LinesAround - log.Count;
            rows.Add(width >= RoomyWidth && report.Peers.Count * 4 <= room ? Roomy(report.Peers) : Compact(report.Peers, room));
        }
        rows.AddRange(log.Select(line => new Text(line, new Style(Color.Grey)) { Overflow = Overflow.Ellipsis }));
        return new Rows(rows);
    }

    private static string Title(LoopReport report)
    {
        var world = report.Settings.World;
        return Text($"[bold]{world.Width}x{world.Height}[/] at [bold]{report.Fps:0.0}[/] of {report.Settings.Fps:0.##} fps   {report.Settings.Bitrate / 1000} kbit/s   ball at [bold yellow]{report.Truth.X,6:0.0}, {report.Truth.Y,6:0.0}[/]   running {report.Running:hh\\:mm\\:ss}");
    }

    private static string Below(LoopReport report) =>
        $"[grey]{(report.Peers.Count == 0 ? "No peer yet: " : "")}{Markup.Escape(report.Where)}   Ctrl+C ends[/]";

    private static Table Roomy(IReadOnlyList<PeerReport> peers)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey), ShowRowSeparators = true };
        foreach (var (name, width) in new[] { ("peer", 12), ("ball, px", 22), ("error, px", 22), ("latency, ms", 12), ("samples", 14) })
            table.AddColumn(new TableColumn(name) { Width = width, NoWrap = true });
        foreach (var peer in peers)
        {
            table.AddRow(
                Lines($"[bold]{Markup.Escape(peer.Name)}[/]", State(peer), Text($"{peer.Rate:0.0} [grey]/s[/]")),
                Lines(
                    $"[grey]reported[/] {Place(peer.Reported)}", $"[grey]true    [/] {Place(peer.Truth)}", ""),
                Lines(
                    $"[grey]same frame[/] [bold]{Number(peer.Error, "0.00"),6}[/] [grey]ø[/] {Number(peer.MeanError, "0.00")}",
                    $"[grey]real time[/]  {Number(peer.RealtimeError, "0.0"),6}",
                    Text($"[grey]in order[/]   {peer.InOrderTotal,6:0} [grey]sum[/]")),
                Lines(
                    $"[grey]p50[/] [bold]{Number(peer.Latency?.P50, "0.00"),8}[/]", $"[grey]p95[/] {Number(peer.Latency?.P95, "0.00"),8}",
                    $"[grey]p99[/] {Number(peer.Latency?.P99, "0.00"),8}"),
                Lines(Text($"{peer.Samples,14}"), Unmatched(peer), ""));
        }
        return table;
    }

    private static Table Compact(IReadOnlyList<PeerReport> peers, int room)
    {
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(Color.Grey) };
        table.AddColumn("peer");
        foreach (var name in new[] { "/s", "error px", "real time", "p50 ms", "p95", "p99", "samples", "lost" })
            table.AddColumn(new TableColumn(name) { NoWrap = true }.RightAligned());
        var shown = peers.Count <= room ? peers.Count : Math.Max(1, room - 1);
        foreach (var peer in peers.Take(shown))
        {
            table.AddRow(
                peer.IsConnected ? Markup.Escape(peer.Name) : $"[grey]{Markup.Escape(peer.Name)}[/]",
                Text($"{peer.Rate:0.0}"), Number(peer.MeanError, "0.000"), Number(peer.RealtimeError, "0.0"),
                Number(peer.Latency?.P50, "0.00"), Number(peer.Latency?.P95, "0.00"), Number(peer.Latency?.P99, "0.00"),
                Text($"{peer.Samples}"), peer.Unmatched > 0 ? Text($"[red]{peer.Unmatched}[/]") : "0");
        }
        if (shown < peers.Count)
            table.AddRow(Text($"[grey]and {peers.Count - shown} more[/]"));
        return table;
    }

    private static Markup Lines(params string[] lines) => new(string.Join('\n', lines));

    private static string State(PeerReport peer) => peer.IsConnected ? "[green]connected[/]" : "[yellow]connecting[/]";

    private static string Unmatched(PeerReport peer) =>
        peer.Unmatched > 0 ? Text($"[red]{peer.Unmatched,4} unmatched[/]") : "[grey]   0 unmatched[/]";

    private void Run() => _console.Live(new Markup("")).AutoClear(false).Start(context =>
    {
        while (_frame.Take() is { } content)
            context.UpdateTarget(content);
    });

    private static string Place(BallPosition? place) => place is { } at ? Text($"{at.X,6:0.0}, {at.Y,5:0.0}") : "";

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Hands the newest content to the thread that draws.</summary>
    private sealed class BlockingFrame
    {
        private readonly object _gate = new();
        private IRenderable? _newest;
        private bool _closed;

        public void Put(IRenderable content)
        {
            lock (_gate)
            {
                _newest = content;
                Monitor.Pulse(_gate);
            }
        }

        public void Close()
        {
            lock (_gate)
            {
                _closed = true;
                Monitor.Pulse(_gate);
            }
        }

        public IRenderable? Take()
        {
            lock (_gate)
            {
                while (_newest is null && !_closed)
                    Monitor.Wait(_gate);
                var content = _newest;
                _newest = null;
                return content;
            }
        }
    }
}
