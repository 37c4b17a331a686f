using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace BallServer.Views;

/// <summary>A table that stays in its place on the terminal, with the newest lines of the log below it.</summary>
internal sealed class ConsoleView : IView
{
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

    /// <summary>All of it in the given room: what matters least is left out, and nothing wraps.</summary>
    internal static IRenderable Render(LoopReport report, IReadOnlyList<string> log, int width, int height)
    {
        List<IRenderable> rows = [new Markup(Title(report, width)), new Markup(Below(report, width))];
        // Of the log two lines at least, and of the terminal one line for the cursor.
        var room = height - rows.Count - 1;
        var table = report.Peers.Count > 0 ? PeerTable.Of(report.Peers, width, room - Math.Min(2, log.Count)) : null;
        if (table is { Table: var peers, Lines: var lines })
        {
            rows.Add(peers);
            room -= lines;
        }
        rows.AddRange(log.TakeLast(room).Select(line => new Text(Cut(line, width), new Style(Color.Grey))));
        return new Rows(rows);
    }

    /// <summary>As many words as fit, the ones that matter most first.</summary>
    private static string Title(LoopReport report, int width)
    {
        var world = report.Settings.World;
        var words = new List<string>();
        foreach (var word in new[]
        {
            Text($"[bold]{world.Width}x{world.Height}[/] at [bold]{report.Fps:0.0}[/] of {report.Settings.Fps:0.##} fps"),
            Text($"ball at [bold yellow]{report.Truth.X,6:0.0}, {report.Truth.Y,6:0.0}[/]"),
            Text($"{report.Running:hh\\:mm\\:ss}"), Text($"{report.Settings.Bitrate / 1000} kbit/s"),
        })
        {
            if (words.Append(word).Sum(taken => Markup.Remove(taken).Length + 3) - 3 <= width)
                words.Add(word);
        }
        return string.Join("   ", words);
    }

    private static string Below(LoopReport report, int width)
    {
        var nobody = report.Peers.Count == 0 ? "nobody watches; " : "";
        return $"[grey]{Markup.Escape(Cut($"{nobody}{report.Where}   Ctrl+C ends", width))}[/]";
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : text[..Math.Max(0, width - 1)] + "…";

    /// <summary>The table is wiped at the end and written once more: a live one leaves as many lines as it ever had.</summary>
    private void Run()
    {
        IRenderable? last = null;
        _console.Live(new Markup("")).AutoClear(true).Start(context =>
        {
            while (_frame.Take() is { } content)
                context.UpdateTarget(last = content);
        });
        if (last is not null)
            _console.Write(last);
    }

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
