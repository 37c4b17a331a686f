using Ball.World;
using BallServer.Peers;
using BallServer.Streaming;

namespace BallServer.Views;

/// <summary>Tells each view how things are, as often as it wants to know.</summary>
internal static class ViewLoop
{
    /// <summary>Runs until cancelled, or until a person closes a view.</summary>
    public static async Task RunAsync(
        IReadOnlyList<IView> views, BallStream stream, PeerRoster peers, Func<string> where, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        try
        {
            var first = await Task.WhenAny(views.Select(view => TellAsync(view, stream, peers, where, stop.Token)));
            await stop.CancelAsync();
            await first;
        }
        finally
        {
            foreach (var view in views)
                view.Dispose();
        }
    }

    private static async Task TellAsync(
        IView view, BallStream stream, PeerRoster peers, Func<string> where, CancellationToken cancel)
    {
        var started = MonotonicClock.Now;
        var rate = new RateMeter(TimeProvider.System);
        using var timer = new PeriodicTimer(view.Every);
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var now = MonotonicClock.Now;
                var counts = stream.Counts;
                var report = new LoopReport(
                    TimeSpan.FromMicroseconds((now - started) / 1000), stream.Settings, counts, stream.World.At(now),
                    peers.Report())
                {
                    Where = where(), Fps = rate.Of(counts.Rendered),
                };
                if (!view.Show(report))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // This is how it ends.
        }
    }
}
