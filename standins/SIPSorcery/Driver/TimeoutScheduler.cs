using Microsoft.Extensions.Logging;

namespace SIPSorcery.Net;

/// <summary>
/// Calls everything that is timed, from one thread for the whole process. Asking for a time is cheap when an earlier one
/// is already planned, which is nearly always.
/// </summary>
internal sealed class TimeoutScheduler
{
    private static readonly Lazy<TimeoutScheduler> s_started = new(() => new TimeoutScheduler());

    private readonly object _lock = new();
    private readonly PriorityQueue<Entry, long> _queue = new();

    private TimeoutScheduler()
    {
        new Thread(Run) { IsBackground = true, Name = "webrtc timers" }.Start();
    }

    public static TimeoutScheduler Shared => s_started.Value;

    /// <summary>Makes sure that the entry runs no later than the given time.</summary>
    public void Plan(Entry entry, long at)
    {
        if (at >= Volatile.Read(ref entry.PlannedAt))
        {
            return;
        }

        lock (_lock)
        {
            if (at >= entry.PlannedAt || entry.IsStopped)
            {
                return;
            }

            Volatile.Write(ref entry.PlannedAt, at);
            _queue.Enqueue(entry, at);
            if (_queue.Peek() == entry)
            {
                Monitor.Pulse(_lock);
            }
        }
    }

    public void Stop(Entry entry)
    {
        lock (_lock)
        {
            entry.IsStopped = true;
        }
    }

    private void Run()
    {
        while (true)
        {
            var entry = WaitForNext();
            try
            {
                var next = entry.Target.RunDue(MonotonicClock.Now);
                if (next != long.MaxValue)
                {
                    Plan(entry, next);
                }
            }
            catch (Exception error)
            {
                // A fault of ours in one session must not stop the clock of all.
                LogFactory.CreateLogger<TimeoutScheduler>().LogError(error, "A time-out could not be handled");
            }
        }
    }

    private Entry WaitForNext()
    {
        lock (_lock)
        {
            while (true)
            {
                if (!_queue.TryPeek(out var entry, out var at))
                {
                    Monitor.Wait(_lock);
                    continue;
                }

                var wait = at - MonotonicClock.Now;
                if (wait > 0)
                {
                    Monitor.Wait(_lock, (int)Math.Min((wait + 999) / 1000, 60_000));
                    continue;
                }

                _queue.Dequeue();

                // An entry planned anew for an earlier time leaves its later place in the queue behind.
                if (entry.IsStopped || entry.PlannedAt != at)
                {
                    continue;
                }

                Volatile.Write(ref entry.PlannedAt, long.MaxValue);
                return entry;
            }
        }
    }

    /// <summary>A place in the schedule.</summary>
    internal sealed class Entry(ITimed target)
    {
        public long PlannedAt = long.MaxValue;

        public bool IsStopped { get; set; }

        public ITimed Target { get; } = target;
    }
}
