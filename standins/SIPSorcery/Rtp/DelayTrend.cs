namespace SIPSorcery.Net;

/// <summary>
/// Tells from when packets were sent and when they arrived whether a queue is growing on the way: the slope of the one-way
/// delay over the last packet groups, against a threshold that adapts (in the spirit of draft-ietf-rmcat-gcc).
/// </summary>
internal sealed class DelayTrend
{
    const long GroupMicros = 5_000;
    const int Window = 20;
    const double Smoothing = 0.9;
    const double Gain = 4;
    const double OveruseMillis = 10;

    readonly double[] _times = new double[Window];
    readonly double[] _delays = new double[Window];
    long _groupStart;
    long _groupSent = long.MinValue;
    long _groupArrival;
    long _lastSent;
    long _lastArrival;
    long _firstArrival;
    bool _hasLast;
    int _points;
    double _accumulated;
    double _smoothed;
    double _previousTrend;
    double _threshold = 12.5;
    double _overFor;

    public DelayState State { get; private set; } = DelayState.Normal;

    /// <summary>Times in microseconds, each on its own side's clock.</summary>
    public void OnPacket(long sent, long arrival)
    {
        if (_groupSent == long.MinValue)
        {
            StartGroup(sent, arrival);
            _firstArrival = arrival;
            return;
        }
        if (sent < _groupStart)
            return; // Overtaken: it says nothing about the queue.
        if (sent - _groupStart <= GroupMicros)
        {
            _groupSent = Math.Max(_groupSent, sent);
            _groupArrival = Math.Max(_groupArrival, arrival);
            return;
        }
        if (_hasLast)
            Add(_groupSent - _lastSent, _groupArrival - _lastArrival, _groupArrival);
        (_lastSent, _lastArrival, _hasLast) = (_groupSent, _groupArrival, true);
        StartGroup(sent, arrival);
    }

    void StartGroup(long sent, long arrival) => (_groupStart, _groupSent, _groupArrival) = (sent, sent, arrival);

    void Add(long sentDelta, long arrivalDelta, long arrival)
    {
        if (arrivalDelta > 2_000_000 || sentDelta > 2_000_000)
        {
            _points = 0; // A pause, or a clock that jumped.
            _accumulated = _smoothed = 0;
            State = DelayState.Normal;
            return;
        }
        _accumulated += (arrivalDelta - sentDelta) / 1000.0;
        _smoothed = Smoothing * _smoothed + (1 - Smoothing) * _accumulated;
        var slot = _points++ % Window;
        _times[slot] = (arrival - _firstArrival) / 1000.0;
        _delays[slot] = _smoothed;
        if (_points < Window)
            return;

        var trend = Math.Min(_points, 60) * Slope() * Gain;
        var elapsed = Math.Min(arrivalDelta / 1000.0, 100);
        if (trend > _threshold)
        {
            _overFor += elapsed;
            if (_overFor > OveruseMillis && trend >= _previousTrend)
                State = DelayState.Overuse;
        }
        else
        {
            _overFor = 0;
            State = trend < -_threshold ? DelayState.Underuse : DelayState.Normal;
        }
        _previousTrend = trend;
        // A lone spike must not raise the threshold; what stays above it slowly does, against starving beside TCP.
        var magnitude = Math.Abs(trend);
        if (magnitude < _threshold + 15)
            _threshold += (magnitude < _threshold ? 0.039 : 0.0087) * (magnitude - _threshold) * elapsed;
        _threshold = Math.Clamp(_threshold, 6, 600);
    }

    double Slope()
    {
        double meanTime = 0, meanDelay = 0;
        for (var i = 0; i < Window; i++)
        {
            meanTime += _times[i] / Window;
            meanDelay += _delays[i] / Window;
        }
        double covariance = 0, variance = 0;
        for (var i = 0; i < Window; i++)
        {
            var time = _times[i] - meanTime;
            covariance += time * (_delays[i] - meanDelay);
            variance += time * time;
        }
        return variance <= 0 ? 0 : covariance / variance;
    }
}
