namespace Ball.Quic.Recovery;

/// <summary>How long the way there and back takes (RFC 9002, section 5), in microseconds.</summary>
sealed class RttEstimate
{
    public const long Granularity = 1000;
    private const long Initial = 333_000;

    private bool _hasSample;

    public long Latest { get; private set; }

    public long Smoothed { get; private set; } = Initial;

    public long Variation { get; private set; } = Initial / 2;

    public long Min { get; private set; }

    public bool HasSample => _hasSample;

    /// <summary>When a loss is certain by time alone.</summary>
    public long LossDelay => Math.Max(Math.Max(Latest, Smoothed) * 9 / 8, Granularity);

    /// <summary>The time-out for a probe, without the peer's delay of acknowledgements.</summary>
    public long ProbeTimeout => Smoothed + Math.Max(4 * Variation, Granularity);

    public void Add(long sample, long ackDelay)
    {
        Latest = sample;
        if (!_hasSample)
        {
            _hasSample = true;
            Min = Smoothed = sample;
            Variation = sample / 2;
            return;
        }

        Min = Math.Min(Min, sample);
        long adjusted = sample >= Min + ackDelay ? sample - ackDelay : sample;
        Variation = (3 * Variation + Math.Abs(Smoothed - adjusted)) / 4;
        Smoothed = (7 * Smoothed + adjusted) / 8;
    }

    /// <summary>A new path: nothing is known.</summary>
    public void Reset()
    {
        _hasSample = false;
        Smoothed = Initial;
        Variation = Initial / 2;
        Latest = Min = 0;
    }
}
