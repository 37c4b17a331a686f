using System.Globalization;
using Ball.World;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BallServer.Views;

/// <summary>A table that stays in its place on the terminal.</summary>
internal sealed class ConsoleView : IView
{
    private readonly IAnsiConsole _console;
    private readonly BlockingFrame _frame = new();
    private readonly Task _live;

    public ConsoleView(IAnsiConsole console)
    {
        _console = console;
        _live = Task.Factory.StartNew(Run, TaskCreationOptions.LongRunning);
    }

    public TimeSpan Every { get; } = TimeSpan.FromMilliseconds(250);

    public bool Show(LoopReport report)
    {
        _frame.Put(Render(report));
        return true;
    }

    public void Dispose()
    {
        _frame.Close();
        _live.Wait(TimeSpan.FromSeconds(1));
    }

    internal static IRenderable Render(LoopReport report)
    {
        var world = report.Settings.World;
        var title = Text(
            $"[bold]{world.Width}x{world.Height}[/] at [bold]{report.Fps:0.0}[/] of {report.Settings.Fps:0.##} fps   {report.Settings.Bitrate / 1000} kbit/s   ball at [bold]{report.Truth.X,6:0.0}, {report.Truth.Y,6:0.0}[/]   {report.Running:hh\\:mm\\:ss}");
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey) };
        table.AddColumn("peer");
        foreach (var name in new[] { "rate", "seen", "truth", "error px", "mean px", "real time px", "in order L1", "latency ms p50", "p95", "p99", "samples", "unmatched" })
            table.AddColumn(new TableColumn(name).RightAligned());
        foreach (var peer in report.Peers)
            table.AddRow(Row(peer));
        IRenderable below = report.Peers.Count == 0
            ? new Markup($"[grey]No peer yet. {Markup.Escape(report.Where)}[/]")
            : table;
        return new Rows(new Markup(title), below);
    }

    private static string[] Row(PeerReport peer) =>
    [
        $"{Markup.Escape(peer.Name)} [grey]{Markup.Escape(peer.State)}[/]",
        Text($"{peer.Rate:0.0}"),
        Place(peer.Reported),
        Place(peer.Truth),
        Number(peer.Error, "0.00"),
        Number(peer.MeanError, "0.000"),
        Number(peer.RealtimeError, "0.0"),
        Text($"{peer.InOrderTotal:0}"),
        Number(peer.Latency?.P50, "0.00"),
        Number(peer.Latency?.P95, "0.00"),
        Number(peer.Latency?.P99, "0.00"),
        Text($"{peer.Samples}"),
        peer.Unmatched > 0 ? Text($"[red]{peer.Unmatched}[/]") : "0",
    ];

    private void Run() => _console.Live(new Markup("")).AutoClear(false).Start(context =>
    {
        while (_frame.Take() is { } content)
            context.UpdateTarget(content);
    });

    private static string Place(BallPosition? place) => place is { } at ? Text($"{at.X:0.0}, {at.Y:0.0}") : "";

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
