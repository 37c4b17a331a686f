namespace Ball.WebTransport.Tests;

/// <summary>Time that passes when it is told to. Periodic timers only.</summary>
sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = DateTimeOffset.UtcNow;

    public override DateTimeOffset GetUtcNow() => now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(callback, state, period, now + dueTime);
        timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        now += by;
        foreach (var timer in timers.ToList())
            timer.FireUntil(now);
    }

    private sealed class ManualTimer(TimerCallback callback, object? state, TimeSpan period, DateTimeOffset due) : ITimer
    {
        private bool disposed;
        private DateTimeOffset due = due;

        public void FireUntil(DateTimeOffset now)
        {
            for (; !disposed && period > TimeSpan.Zero && due <= now; due += period)
                callback(state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => !disposed;

        public void Dispose() => disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
