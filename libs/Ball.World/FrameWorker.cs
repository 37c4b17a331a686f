namespace Ball.World;

/// <summary>
/// Calls for frame after frame on a thread of its own, at a rate that can change at any time. Frame n is due at start + n
/// periods, computed each time anew, so nothing drifts. Who takes longer than a period loses frames, counted, and is never
/// behind.
/// </summary>
public sealed class FrameWorker : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly IFrameClock _clock;
    private readonly Action<FrameStamp> _onFrame;
    private readonly uint _firstRtpTimestamp;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _wake = new(false, spinCount: 0);
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _changing = new();
    private FrameRate? _nextRate;
    private FrameRate _rate;
    private FrameProgress _progress;
    private bool _started;
    private volatile bool _stopping;

    /// <param name="onFrame">
    /// Runs on the worker's thread. What it throws ends the worker and comes out of <see cref="Completion"/>.
    /// </param>
    /// <param name="firstRtpTimestamp">The RTP timestamp of the instant the worker starts.</param>
    public FrameWorker(FrameRate rate, IFrameClock clock, Action<FrameStamp> onFrame, uint firstRtpTimestamp = 0)
    {
        _rate = rate;
        _clock = clock;
        _onFrame = onFrame;
        _firstRtpTimestamp = firstRtpTimestamp;
        _thread = new Thread(Run) { Name = "frames", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>Ends when the worker does, and fails with what the handler threw.</summary>
    public Task Completion => _completion.Task;

    /// <summary>The rate; a new one holds from the next frame on.</summary>
    public FrameRate Rate
    {
        get
        {
            lock (_changing)
                return _nextRate ?? _rate;
        }
        set
        {
            lock (_changing)
                _nextRate = value;
            _wake.Set();
        }
    }

    /// <summary>How far it has come, as of the last frame that the handler is done with.</summary>
    public FrameProgress Progress
    {
        get
        {
            lock (_changing)
                return _progress;
        }
    }

    public void Start()
    {
        lock (_changing)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (_started)
                return;
            _started = true;
            _thread.Start();
        }
    }

    /// <summary>Asks the worker to end, and does not wait for it.</summary>
    public void Stop()
    {
        lock (_changing)
        {
            _stopping = true;
            if (!_started)
                _completion.TrySetResult();
        }
        _wake.Set();
    }

    /// <summary>Stops, and waits until the frame at hand is done.</summary>
    public void Dispose()
    {
        Stop();
        if (_started && Thread.CurrentThread != _thread && _thread.Join(s_patience))
            _wake.Dispose();
    }

    private void Run()
    {
        try
        {
            Libc.WakeExactly();
            Loop();
            _completion.TrySetResult();
        }
        catch (Exception failure)
        {
            _completion.TrySetException(failure);
        }
    }

    private void Loop()
    {
        var start = _clock.Nanoseconds;
        var origin = start;         // When frame 0 of the present rate was due.
        var firstNumber = 0L;       // The number that frame has.
        var frame = 0L;             // Counted in the present rate.
        var rate = _rate;
        while (!_stopping)
        {
            var lastDue = rate.TimeOf(Math.Max(0, frame - 1));
            if (TakeNewRate(ref rate) && frame > 0)
            {
                // The new rate's frame 0 is the frame that was shown last.
                origin += lastDue;
                firstNumber += frame - 1;
                frame = 1;
            }
            var due = origin + rate.TimeOf(frame);
            if (_clock.Nanoseconds < due)
            {
                _clock.WaitUntil(due, _wake);
                if (_wake.IsSet)
                {
                    _wake.Reset();
                    continue;
                }
            }
            var latest = rate.FrameAt(Math.Max(0, _clock.Nanoseconds - origin));
            var dropped = Math.Max(0, latest - frame);
            frame += dropped;
            due = origin + rate.TimeOf(frame);
            var rtp = unchecked(_firstRtpTimestamp + FrameStamp.RtpTicks(due - start));
            _onFrame(new FrameStamp(firstNumber + frame, rtp, due));
            frame++;
            Book(dropped, origin + rate.TimeOf(frame) - start);
        }
    }

    /// <summary>Counts a frame, and those before it that nobody got.</summary>
    private void Book(long dropped, long nanoseconds)
    {
        lock (_changing)
        {
            _progress = new FrameProgress(
                _progress.Shown + 1, _progress.Dropped + dropped, TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick));
        }
    }

    private bool TakeNewRate(ref FrameRate rate)
    {
        lock (_changing)
        {
            if (_nextRate is not { } next)
                return false;
            _nextRate = null;
            rate = _rate = next;
            return true;
        }
    }
}
