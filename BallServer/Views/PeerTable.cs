using System.Globalization;
using Ball.Link.Messages;
using Ball.World;
using Spectre.Console;

namespace BallServer.Views;

/// <summary>The peers as a table: four lines each where there is room, else a line each with as many columns as fit.</summary>
internal static class PeerTable
{
    private const int RoomyWidth = 105;
    private const int RoomyHead = 4;
    private const int CompactHead = 4;

    /// <summary>What a row may say, from left to right; the highest rank is left out first.</summary>
    private static readonly Column[] s_columns =
    [
        new("peer", 10, 0, peer => peer.IsConnected ? Markup.Escape(peer.Name) : $"[grey]{Markup.Escape(peer.Name)}[/]"),
        new("/s", 5, 1, peer => Text($"{peer.Rate:0.0}")),
        new("error px", 8, 2, peer => Number(peer.MeanError, "0.000")),
        new("real time", 9, 6, peer => Number(peer.RealtimeError, "0.0")),
        new("p50 ms", 7, 3, peer => Number(peer.Latency?.P50, "0.00")),
        new("p95", 7, 5, peer => Number(peer.Latency?.P95, "0.00")),
        new("p99", 7, 7, peer => Number(peer.Latency?.P99, "0.00")),
        new("samples", 8, 4, peer => Text($"{peer.Samples}")),
        new("unmatched", 9, 8, peer => peer.Unmatched > 0 ? Text($"[red]{peer.Unmatched}[/]") : "0"),
    ];

    /// <param name="width">How wide it may be.</param>
    /// <param name="height">How many lines it may take.</param>
    /// <returns>The table, and how many lines it takes; null where not even one peer fits.</returns>
    public static (Table Table, int Lines)? Of(IReadOnlyList<PeerReport> peers, int width, int height)
    {
        if (width >= RoomyWidth && RoomyHead + 4 * peers.Count <= height)
            return (Roomy(peers), RoomyHead + 4 * peers.Count);
        var rows = Math.Min(peers.Count, height - CompactHead);
        return rows < 1 ? null : (Compact(peers, width, rows), CompactHead + rows);
    }

    private static Table Roomy(IReadOnlyList<PeerReport> peers)
    {
        var table = new Table { Border = TableBorder.Rounded, BorderStyle = new Style(Color.Grey), ShowRowSeparators = true };
        (string Name, int Width)[] columns =
            [("peer", 12), ("ball, px", 26), ("error, px", 25), ("latency, ms", 12), ("samples", 14)];
        foreach (var (name, width) in columns)
            table.AddColumn(new TableColumn(name) { Width = width, NoWrap = true });
        foreach (var peer in peers)
        {
            table.AddRow(
                Lines($"[bold]{Markup.Escape(peer.Name)}[/]", State(peer), Text($"{peer.Rate:0.0} [grey]/s[/]")),
                Lines($"[grey]reported[/] {Place(peer.Reported)}", $"[grey]true    [/] {Place(peer.Truth)}", Clock(peer.Clock)),
                Lines(
                    $"[grey]same frame[/] [bold]{Number(peer.Error, "0.00"),6}[/] [grey]ø[/] {Number(peer.MeanError, "0.00")}",
                    $"[grey]real time[/]  {Number(peer.RealtimeError, "0.0"),6}",
                    Text($"[grey]in order[/]   {peer.InOrderTotal,6:0} [grey]sum[/]")),
                Lines(
                    $"[grey]p50[/] [bold]{Number(peer.Latency?.P50, "0.00"),8}[/]",
                    $"[grey]p95[/] {Number(peer.Latency?.P95, "0.00"),8}",
                    $"[grey]p99[/] {Number(peer.Latency?.P99, "0.00"),8}"),
                Lines(Text($"{peer.Samples,14}"), Unmatched(peer), ""));
        }
        return table;
    }

    private static Table Compact(IReadOnlyList<PeerReport> peers, int width, int rows)
    {
        var columns = Fitting(width, peers.Any(peer => peer.Unmatched > 0));
        var table = new Table { Border = TableBorder.Simple, BorderStyle = new Style(Color.Grey) };
        foreach (var column in columns)
        {
            var header = new TableColumn(column.Name) { NoWrap = true, Width = column.Width, Padding = new Padding(0, 0, 1, 0) };
            table.AddColumn(column.Rank == 0 ? header : header.RightAligned());
        }
        var shown = rows == peers.Count ? rows : rows - 1;
        foreach (var peer in peers.Take(shown))
            table.AddRow([.. columns.Select(column => column.Text(peer))]);
        if (shown < peers.Count)
            table.AddRow(Text($"[grey]{peers.Count - shown} more[/]"));
        return table;
    }

    /// <summary>Unmatched samples come first once there are any: something is wrong then.</summary>
    private static Column[] Fitting(int width, bool isUnmatched)
    {
        var ranked = s_columns.OrderBy(column => isUnmatched && column.Name == "unmatched" ? 0 : column.Rank);
        var taken = new HashSet<Column>();
        var left = width - 1;
        foreach (var column in ranked)
        {
            // A column takes one space after it, and one for the line that would stand between.
            left -= column.Width + 2;
            if (left < 0)
                break;
            taken.Add(column);
        }
        return [.. s_columns.Where(taken.Contains)];
    }

    private static Markup Lines(params string[] lines) => new(string.Join('\n', lines));

    private static string State(PeerReport peer) => peer.IsConnected ? "[green]connected[/]" : "[yellow]connecting[/]";

    private static string Unmatched(PeerReport peer) =>
        peer.Unmatched > 0 ? Text($"[red]{peer.Unmatched,4} unmatched[/]") : "[grey]   0 unmatched[/]";

    private static string Place(BallPosition? place) => place is { } at ? Text($"{at.X,6:0.0}, {at.Y,5:0.0}") : "";

    /// <summary>The peer's clock minus ours: next to nothing on one machine, days between two.</summary>
    private static string Clock(ClockReading clock) => clock switch
    {
        { IsKnown: false } => "",
        { Offset: > -10_000_000_000 and < 10_000_000_000 } =>
            Text($"[grey]clock[/] {clock.Offset / 1e6:0.00} [grey]±[/] {clock.Uncertainty / 1e6:0.00} ms"),
        _ => Text($"[grey]clock[/] {clock.Offset / 1e9:0} s [grey]±[/] {clock.Uncertainty / 1e6:0.00} ms"),
    };

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Column(string Name, int Width, int Rank, Func<PeerReport, string> Text);
}
