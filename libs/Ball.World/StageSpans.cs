using System.Diagnostics;

namespace Ball.World;

/// <summary>Writes the stages of one frame's way as spans of its trace, after they are over.</summary>
public readonly struct StageSpans(ActivitySource source, FrameTrace trace)
{
    // Spans want times of day; the distance from now carries the monotonic ones over.
    private readonly DateTime _now = DateTime.UtcNow;
    private readonly long _monotonic = MonotonicClock.Now;

    public void Add(string stage, ActivityKind kind, long from, long to) => Start(stage, kind, from, to)?.Dispose();

    /// <summary>A span to put tags on; its end is set already. Null where nobody listens.</summary>
    public Activity? Start(string stage, ActivityKind kind, long from, long to)
    {
        var span = source.StartActivity(stage, kind, trace.Context, startTime: TimeOfDay(from));
        span?.SetEndTime(TimeOfDay(to));
        return span;
    }

    private DateTime TimeOfDay(long nanoseconds) => _now.AddTicks((nanoseconds - _monotonic) / 100);
}
