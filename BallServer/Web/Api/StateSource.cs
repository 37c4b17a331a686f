using Ball.World;
using BallAspire.ServiceDefaults;
using BallServer.Peers;
using BallServer.Streaming;
using BallServer.Views;

namespace BallServer.Web.Api;

/// <summary>Looks at the server; looks that follow close upon each other share one answer.</summary>
internal sealed class StateSource(BallStream stream, PeerRoster peers)
{
    private const long Fresh = 100_000_000;

    private readonly Lock _gate = new();
    private readonly RateMeter _rate = new(TimeProvider.System);
    private readonly string _run = Guid.NewGuid().ToString("n");
    private LoopReport? _last;
    private long _lastAt;

    public ServerState Look()
    {
        lock (_gate)
        {
            var now = MonotonicClock.Now;
            if (_last is null || now - _lastAt > Fresh)
            {
                var counts = stream.Counts;
                _last = new LoopReport(counts.Running, stream.Settings, counts, stream.World.At(now), peers.Report())
                {
                    Fps = _rate.Of(counts.Rendered),
                };
                _lastAt = now;
            }
            return new ServerState(_run, BallStack.Name, _last with { Settings = stream.Settings });
        }
    }

    /// <summary>With all that the run has come to so far.</summary>
    public ServerState LookClosely() => Look() with { Summary = ServerSummary.Of(stream, peers) };
}
