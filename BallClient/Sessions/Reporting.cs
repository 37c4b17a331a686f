using Ball.Handoff;
using Ball.Link.Messages;
using Ball.World;
using BallClient.Telemetry;
using BallClient.Views;

namespace BallClient.Sessions;

/// <summary>The client's main loop: whenever the detector has published a coordinate, the server is told.</summary>
internal sealed class Reporting : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private readonly CoordinateSlotReader _slot;
    private readonly ServerConnection _server;
    private readonly ClientWindow? _window;
    private readonly ClientCounts _counts;
    private readonly ClientTelemetry _telemetry;
    private readonly Thread _thread;
    private volatile bool _stopping;

    public Reporting(
        CoordinateSlotReader slot, ServerConnection server, ClientWindow? window, ClientCounts counts, ClientTelemetry telemetry)
    {
        (_slot, _server, _window, _counts, _telemetry) = (slot, server, window, counts, telemetry);
        _thread = new Thread(Run) { Name = "reporting", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    public void Dispose()
    {
        _stopping = true;
        _thread.Join(s_patience * 2);
    }

    private void Run()
    {
        while (!_stopping)
        {
            if (_slot.Wait(s_patience, out var coordinate))
                Take(coordinate);
        }
    }

    private void Take(in Coordinate found)
    {
        Report(found);
        _window?.Found(found);
    }

    private void Report(in Coordinate found)
    {
        if (!found.IsBall)
            return;
        _counts.AddDetected(found.EndedAt - found.StartedAt);
        _telemetry.Detected();
        var message = new Coordinates(found.X, found.Y)
        {
            Rtp = found.RtpTimestamp,
            Frame = found.Frame,
            Confidence = found.Confidence,
            Times = new StageTimes(found.ReceivedAt, found.OfferedAt, found.StartedAt, found.EndedAt, 0),
        };
        if (!_server.Report(found.Session, message))
            return;
        var now = MonotonicClock.Now;
        _counts.AddReported(now - found.EndedAt);
        _telemetry.Reported(found.Session, found.RtpTimestamp, found.EndedAt, now, _server.IsTraced(found.RtpTimestamp));
    }
}
