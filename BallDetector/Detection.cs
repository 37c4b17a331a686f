using Ball.Handoff;
using Ball.Measuring;
using Ball.Vision;

namespace BallDetector;

/// <summary>The loop: read a frame, find the ball, publish. Allocates nothing per frame.</summary>
internal sealed class Detection(
    FramePipeReader pipe, CoordinateSlotWriter slot, IBallFinder finder, string finderName, DetectorTelemetry telemetry,
        ILogger log,
    TimeProvider time)
{
    private readonly FinderName _finderName = FinderName.Of(finderName);
    private readonly LatencyHistogram _latency = new();
    private readonly Lock _gate = new();
    private FrameTag _last;
    private string? _lastTrouble;
    private long _read;
    private long _withBall;
    private long _dropped;
    private long _failed;
    private long _firstAt;
    private long _lastAt;

    /// <summary>What was done so far; any thread may ask.</summary>
    public DetectorSummary Summary
    {
        get
        {
            lock (_gate)
            {
                var seconds = (_lastAt - _firstAt) / 1e9;
                return new DetectorSummary(_read, _withBall, _dropped, _failed, seconds > 0 ? (_read - 1) / seconds : 0,
                    _latency.Percentile(50) / 1e6, _latency.Percentile(95) / 1e6);
            }
        }
    }

    /// <summary>What went wrong with the newest frame, or null.</summary>
    public string? Trouble => Volatile.Read(ref _lastTrouble);

    /// <summary>Runs until the pipe is stopped.</summary>
    public void Run()
    {
        while (pipe.Read(out var header, out var picture))
        {
            var coordinate = new Coordinate
            {
                Session = header.Tag.Session,
                Frame = header.Tag.Frame,
                RtpTimestamp = header.Tag.RtpTimestamp,
                ReceivedAt = header.Tag.ReceivedAt,
                OfferedAt = header.OfferedAt,
                StartedAt = time.Nanoseconds(),
                Finder = _finderName,
            };
            try
            {
                var sighting = finder.Find(picture);
                coordinate = coordinate with
                {
                    X = sighting.X,
                    Y = sighting.Y,
                    Radius = sighting.Radius,
                    Confidence = sighting.Confidence,
                    EndedAt = time.Nanoseconds(),
                };
                slot.Publish(coordinate);
            }
            catch (Exception e)
            {
                // One frame that cannot be used must not cost the session all others.
                Fail(header, e);
                continue;
            }
            Count(header, coordinate);
        }
    }

    private void Count(in FrameHeader header, in Coordinate coordinate)
    {
        var missed = Note(header);
        lock (_gate)
        {
            _lastAt = coordinate.EndedAt;
            if (_read++ == 0)
                _firstAt = _lastAt;
            if (coordinate.IsBall)
                _withBall++;
            _dropped += missed;
            _latency.Add(coordinate.EndedAt - coordinate.StartedAt);
        }
        Volatile.Write(ref _lastTrouble, null);
        if (missed > 0)
            telemetry.Missed(missed);
        telemetry.Detected(coordinate, header.Tag.IsTraced);
    }

    private void Fail(in FrameHeader header, Exception e)
    {
        var missed = Note(header);
        lock (_gate)
        {
            _read++;
            _failed++;
            _dropped += missed;
        }
        telemetry.Failed();
        if (_lastTrouble == e.Message)
            return;
        Volatile.Write(ref _lastTrouble, e.Message);
        log.LogError(e, "Frame {Frame} ({Layout}) could not be used", header.Tag.Frame, header.Layout);
    }

    /// <summary>How many frames of the session are missing between the frame before and this one.</summary>
    private long Note(in FrameHeader header)
    {
        var missed = _read > 0 && header.Tag.Session == _last.Session ? header.Tag.Frame - _last.Frame - 1 : 0;
        _last = header.Tag;
        return Math.Max(0, missed);
    }
}
