namespace SIPSorcery.Net.Sctp;

/// <summary>The retransmission time-out as RFC 9260, 6.3.1 computes it from round trips.</summary>
internal sealed class RetransmissionTimeout(SctpOptions options)
{
    // What a peer may take to answer; the last packet of a burst asks for an answer at once.
    private const long PeerDelay = 25_000;
    private long _variation;

    public long Current { get; private set; } = Math.Clamp(options.InitialRto, options.MinRto, options.MaxRto);

    /// <summary>Smoothed round trip, or 0 before the first measurement.</summary>
    public long SmoothedRoundTrip { get; private set; }

    /// <summary>After so long without an answer a probe is worth sending: well before <see cref="Current"/>, whose floor is high.</summary>
    public long Probe => SmoothedRoundTrip + Math.Max(1000, 4 * _variation) + PeerDelay;

    public void Measure(long roundTrip)
    {
        if (roundTrip < 0)
            return;
        roundTrip = Math.Max(roundTrip, 1);
        if (SmoothedRoundTrip == 0)
        {
            SmoothedRoundTrip = roundTrip;
            _variation = roundTrip / 2;
        }
        else
        {
            _variation = (3 * _variation + Math.Abs(SmoothedRoundTrip - roundTrip)) / 4;
            SmoothedRoundTrip = Math.Max(1, (7 * SmoothedRoundTrip + roundTrip) / 8);
        }

        Restore();
    }

    /// <summary>Undoes the backing off: the path is alive again.</summary>
    public void Restore()
    {
        if (SmoothedRoundTrip > 0)
            Current = Math.Clamp(SmoothedRoundTrip + Math.Max(1000, 4 * _variation), options.MinRto, options.MaxRto);
    }

    public void BackOff() => Current = Math.Min(Current * 2, options.MaxRto);
}
