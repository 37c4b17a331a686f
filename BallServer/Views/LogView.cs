using System.Globalization;

namespace BallServer.Views;

/// <summary>One line a second and peer, for files and pipes.</summary>
internal sealed class LogView(TextWriter to) : IView
{
    public TimeSpan Every { get; } = TimeSpan.FromSeconds(1);

    public bool Show(LoopReport report)
    {
        var running = Text($"{report.Running.TotalSeconds,6:0.0} s");
        if (report.Peers.Count == 0)
            to.WriteLine($"{running}  {Text($"{report.Fps:0.0}")} fps  nobody watches; {report.Where}");
        foreach (var peer in report.Peers)
            to.WriteLine($"{running}  {peer.Name}: {Describe(peer)}");
        return true;
    }

    public void Dispose()
    {
    }

    private static string Describe(PeerReport peer)
    {
        var unmatched = peer.Unmatched > 0 ? Text($"  unmatched {peer.Unmatched}") : "";
        if (peer.Reported is not { } reported)
            return peer.State + unmatched;
        var seen = Text($"{peer.State}, {peer.Rate:0.0}/s  {peer.Samples} samples  seen ({reported.X:0.0}, {reported.Y:0.0})");
        var truth = peer.Truth is { } at ? Text($"  truth ({at.X:0.0}, {at.Y:0.0})  error {peer.Error:0.00} px") : "";
        var latency = peer.Latency is { } ms ? Text($"  latency {ms.P50:0.0}/{ms.P95:0.0}/{ms.P99:0.0} ms") : "";
        return seen + truth + Text($"  real time {peer.RealtimeError:0.0} px") + latency + unmatched;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
