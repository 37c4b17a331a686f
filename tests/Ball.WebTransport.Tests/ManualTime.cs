namespace Ball.WebTransport.Tests;

/// <summary>Time that passes when it is told to. Periodic timers only.</summary>
sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(callback, state, period, _now + dueTime);
        _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        _now += by;
        foreach (var timer in _timers.ToList())
            timer.FireUntil(_now);
    }

    private sealed class ManualTimer(TimerCallback callback, object? state, TimeSpan period, DateTimeOffset due) : ITimer
    {
        private bool _disposed;
        private DateTimeOffset _due = due;

        public void FireUntil(DateTimeOffset now)
        {
            for (; !_disposed && period > TimeSpan.Zero && _due <= now; _due += period)
                callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !_disposed;

        public void Dispose() => _disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
