namespace Ball.Handoff;

/// <summary>
/// The client's end of the coordinate slot: each coordinate at most once, the newest only, never a torn one and never one that
/// was there before. The slot need not exist yet, and detectors may come, go and die.
/// </summary>
/// <remarks>One thread waits; any thread may dispose.</remarks>
public sealed class CoordinateSlotReader : IDisposable
{
    /// <summary>How long the kernel is waited for at a stretch: a slot that was replaced by another file wakes nobody.</summary>
    private static readonly TimeSpan s_stretch = TimeSpan.FromMilliseconds(20);
    private const int Attempts = 64;

    private readonly string _path;
    private readonly byte[] _encoded;
    private readonly TimeProvider _time;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _gate = new();
    private SlotFile? _file;
    private ulong _seen;
    private ulong _lookedAt;
    private Coordinate? _last;
    private long _missed;
    private bool _isUnfinished;
    private bool _disposed;

    /// <exception cref="HandoffException">There can be no slot at this path.</exception>
    public CoordinateSlotReader(string path, TimeProvider? time = null)
    {
        HandoffPaths.PrepareSlot(path);
        _path = path;
        _encoded = Libc.Encode(path);
        _time = time ?? TimeProvider.System;
        _file = SlotFile.Open(path, _encoded, canWrite: false);
        // What lies there from before is nobody's news.
        _seen = _file is { IsThere: true } ? _file.Sequence : 0;
    }

    /// <summary>Publications that were replaced by a newer one before they were read.</summary>
    public long Missed => Volatile.Read(ref _missed);

    /// <summary>Whether the last look found a record that its writer has begun and not finished: it is busy, or dead.</summary>
    public bool IsUnfinished => Volatile.Read(ref _isUnfinished);

    /// <summary>The newest coordinate, when it has not been read yet.</summary>
    public bool TryRead(out Coordinate coordinate)
    {
        lock (_gate)
        {
            coordinate = default;
            return !_disposed && Look(out coordinate);
        }
    }

    /// <summary>
    /// Waits until there is a coordinate that has not been read yet. Allocates nothing while the slot's file stays.
    /// </summary>
    /// <returns>False when time is up, or the reader was disposed.</returns>
    public bool Wait(TimeSpan atMost, out Coordinate coordinate)
    {
        var started = _time.GetTimestamp();
        while (!_stop.IsSet)
        {
            lock (_gate)
            {
                if (_disposed)
                    break;
                if (Look(out coordinate))
                    return true;
                var left = atMost - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero)
                    return false;
                var stretch = left < s_stretch ? left : s_stretch;
                if (_file is { } file && Libc.IsHere)
                    file.WaitForNews(_lookedAt, stretch);
                else
                    _stop.Wait(_file is null ? stretch : TimeSpan.FromMilliseconds(1));
            }
        }
        coordinate = default;
        return false;
    }

    public void Dispose()
    {
        _stop.Set();
        lock (_gate)
        {
            _disposed = true;
            _file?.Dispose();
            _file = null;
        }
    }

    private bool Look(out Coordinate coordinate)
    {
        coordinate = default;
        if (_file is { IsThere: false })
        {
            _file.Dispose();
            _file = null;
        }
        if (_file is null)
        {
            _file = SlotFile.Open(_path, _encoded, canWrite: false);
            _seen = 0;
        }
        if (_file is null || (_lookedAt = _file.Sequence) == _seen)
            return false;
        for (var i = 0; i < Attempts; i++)
        {
            if (_file.TryCopy(out var sequence, out var hasCoordinate, out coordinate))
                return Take(sequence, hasCoordinate, coordinate);
            _lookedAt = sequence;
            Thread.SpinWait(8);
        }
        // Begun and not finished; the kernel wakes us when it is.
        Volatile.Write(ref _isUnfinished, true);
        return false;
    }

    private bool Take(ulong sequence, bool hasCoordinate, in Coordinate coordinate)
    {
        var steps = (long)(sequence - _seen) / 2;
        if (steps > 1)
            Interlocked.Add(ref _missed, steps - 1);
        _seen = _lookedAt = sequence;
        Volatile.Write(ref _isUnfinished, false);
        // A file that somebody has put back from an earlier time is old news too.
        if (!hasCoordinate || (_last is { } last && last.Session == coordinate.Session && last.Frame >= coordinate.Frame))
            return false;
        _last = coordinate;
        return true;
    }
}
