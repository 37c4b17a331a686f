namespace SIPSorcery.Net;

/// <summary>
/// The bitrate that the way to the other side carries, from the delay's trend and from loss. It backs off below what got
/// through when a queue grows or much is lost, and otherwise feels its way up.
/// </summary>
internal sealed class BandwidthEstimate
{
    const long WindowMicros = 500_000;
    const int Buckets = 16;
    const long BucketMicros = WindowMicros / Buckets;
    const double BackOff = 0.85;
    const double GrowthPerSecond = 1.08;
    const double StartGrowthPerSecond = 1.5;
    const double NearGrowthBits = 40_000;
    const double LowLoss = 0.02;
    const double HighLoss = 0.10;
    const long MinBackOffMicros = 300_000;

    readonly DelayTrend _trend = new();
    readonly long[] _bytes = new long[Buckets];
    long _bucket = -1;
    long _firstBucket = -1;
    double _bits;
    double _capacity; // what got through when the queue last grew
    long _updatedAt = -1;
    long _backedOffAt = long.MinValue / 2;
    bool _everBackedOff;
    long _lost;
    long _total;
    long _lossSince;

    public BandwidthEstimate(long start = 1_000_000, long min = 60_000, long max = 20_000_000)
    {
        (Min, Max) = (min, max);
        _bits = start;
    }

    public long Min { get; set; }
    public long Max { get; set; }

    /// <summary>Bits per second.</summary>
    public long Bitrate => (long)Math.Clamp(_bits, Min, Math.Max(Min, Max));

    /// <summary>What arrived in the last half second, in bits per second; 0 while that is not known.</summary>
    public double Throughput
    {
        get
        {
            if (_bucket < 0 || _bucket - _firstBucket < Buckets)
                return 0;
            long sum = 0;
            foreach (var bytes in _bytes)
                sum += bytes;
            return sum * 8 * 1e6 / WindowMicros;
        }
    }

    public void OnArrival(long sent, long arrival, int size)
    {
        _trend.OnPacket(sent, arrival);
        var bucket = arrival / BucketMicros;
        if (_bucket < 0)
            _firstBucket = _bucket = bucket;
        if (bucket - _bucket >= 4 * Buckets)
        {
            Array.Clear(_bytes); // a pause: nothing is known of the way any more
            _firstBucket = _bucket = bucket;
        }
        while (_bucket < bucket)
            _bytes[++_bucket & (Buckets - 1)] = 0;
        if (bucket > _bucket - Buckets)
            _bytes[bucket & (Buckets - 1)] += size;
        _total++;
    }

    public void OnLoss(int packets)
    {
        _lost += packets;
        _total += packets;
    }

    /// <summary>From a report block, where there is no feedback for each packet.</summary>
    public void OnLossFraction(double fraction, long now)
    {
        var elapsed = Elapsed(now);
        if (fraction > HighLoss)
            _bits = Bitrate * (1 - 0.5 * fraction);
        else if (fraction < LowLoss)
            _bits = Bitrate * (1 + 0.08 * elapsed);
        Clamp();
    }

    /// <summary>Draws the conclusions from what was reported since the last call.</summary>
    public void Update(long now)
    {
        var elapsed = Elapsed(now);
        var through = Throughput;
        if (_trend.State == DelayState.Overuse)
        {
            if (now - _backedOffAt > MinBackOffMicros)
            {
                _backedOffAt = now;
                _everBackedOff = true;
                if (through > 0)
                    _capacity = through;
                _bits = Math.Min(_bits, BackOff * (through > 0 ? through : _bits));
            }
        }
        else if (_trend.State == DelayState.Normal && now - _backedOffAt > MinBackOffMicros)
        {
            var near = _capacity > 0 && _bits > 0.9 * _capacity && _bits < 1.2 * _capacity;
            var grown = near ? _bits + NearGrowthBits * elapsed
                : _bits * Math.Pow(_everBackedOff ? GrowthPerSecond : StartGrowthPerSecond, elapsed);
            // An encoder that sends less than it may proves nothing about more.
            var proven = through > 0 ? 1.5 * through + 10_000 : _bits;
            if (grown <= proven)
                _bits = grown;
            if (_capacity > 0 && _bits > 1.5 * _capacity)
                _capacity = 0;
        }

        if (_total > 0 && now - _lossSince > 500_000)
        {
            var loss = (double)_lost / _total;
            if (loss > HighLoss)
            {
                _bits = Bitrate * (1 - 0.5 * loss);
                _everBackedOff = true;
            }
            (_lost, _total, _lossSince) = (0, 0, now);
        }
        Clamp();
    }

    double Elapsed(long now)
    {
        var elapsed = _updatedAt < 0 ? 0 : Math.Clamp((now - _updatedAt) / 1e6, 0, 1);
        _updatedAt = now;
        return elapsed;
    }

    void Clamp() => _bits = Math.Clamp(_bits, Min, Math.Max(Min, Max));
}
