namespace Ball.Link.Messages;

/// <summary>
/// Estimates a peer's clock from four-timestamp exchanges, as NTP does. The true offset of an exchange lies within half its
/// round trip, so the exchange with the shortest one says most; and as clocks drift, old ones say less and less.
/// </summary>
/// <remarks>Safe to read from any thread.</remarks>
public sealed class ClockOffset
{
    /// <summary>Two ordinary quartz clocks part by less than this: 100 ns in a millisecond.</summary>
    public const double Drift = 100e-6;

    /// <summary>Longer round trips tell nothing.</summary>
    public const long LongestDelay = 10_000_000_000;

    const int Window = 64;

    readonly Lock _gate = new();
    readonly Exchange[] _exchanges = new Exchange[Window];
    int _next;
    int _count;

    /// <summary>Adds an exchange. False: its times cannot be true, and it is left out.</summary>
    /// <param name="asked">The question left, in our clock.</param>
    /// <param name="heard">It arrived, in the peer's.</param>
    /// <param name="answered">The answer left, in the peer's.</param>
    /// <param name="received">It arrived, in ours.</param>
    public bool Add(long asked, long heard, long answered, long received)
    {
        Int128 roundTrip = (Int128)received - asked;
        Int128 pause = (Int128)answered - heard;
        Int128 delay = roundTrip - pause;
        if (roundTrip < 0 || pause < 0 || delay < 0 || delay > LongestDelay)
            return false;
        Int128 offset = ((Int128)heard - asked + ((Int128)answered - received)) / 2;
        // Half the range, so that no later sum overflows.
        if (Int128.Abs(offset) > long.MaxValue / 4)
            return false;
        lock (_gate)
        {
            _exchanges[_next] = new Exchange((long)offset, (long)delay / 2 + 1, received);
            _next = (_next + 1) % Window;
            _count = Math.Min(_count + 1, Window);
        }
        return true;
    }

    /// <summary>The best that can be said at this time of our clock.</summary>
    public ClockReading Read(long now)
    {
        lock (_gate)
        {
            var best = ClockReading.None;
            foreach (ref readonly Exchange exchange in _exchanges.AsSpan(0, _count))
            {
                double age = Math.Max(0, (double)now - exchange.At);
                long uncertainty = (long)Math.Min(long.MaxValue / 2, exchange.HalfDelay + age * Drift);
                if (uncertainty < best.Uncertainty)
                    best = new ClockReading(exchange.Offset, uncertainty, _count);
            }
            return best;
        }
    }

    readonly record struct Exchange(long Offset, long HalfDelay, long At);
}
