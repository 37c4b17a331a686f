using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.core;

/// <summary>
/// Follows transport-wide feedback with the bitrate and frame rate of an encoder. Once a second it raises
/// <see cref="OnBitrateChange"/>, between 60 kbit/s and what <see cref="CalculateMaxBitrate"/> allows.
/// </summary>
public class TWCCBitrateController
{
    const double MinBitrate = 60_000;
    const double MinFramerate = 2;
    const double Weight = 0.1;
    const double HighLoss = 0.05;
    const double VeryHighLoss = 0.15;
    const double HighDelayMicros = 100_000;
    const double VeryHighDelayMicros = 200_000;
    const double StepUp = 20_000;

    readonly Lock _gate = new();
    readonly TimeProvider _time;
    long _intervalStart;
    int _received;
    int _lost;
    double _delaySum;
    double? _delay;
    double _loss;
    double _bitrate;
    double _maxBitrate;
    double _framerate;
    double _maxFramerate;
    bool _ready;

    public TWCCBitrateController() : this(TimeProvider.System)
    {
    }

    internal TWCCBitrateController(TimeProvider time)
    {
        _time = time;
        _intervalStart = time.GetTimestamp();
    }

    /// <summary>Raised once a second while feedback arrives.</summary>
    public event EventHandler<BitrateUpdateEventArgs>? OnBitrateChange;

    /// <summary>Takes in a feedback packet. It does nothing before <see cref="CalculateMaxBitrate"/>.</summary>
    public void ProcessFeedback(RTCPTWCCFeedback? feedback)
    {
        BitrateUpdateEventArgs? update = null;
        lock (_gate)
        {
            if (feedback is null || !_ready)
                return;
            foreach (var status in feedback.PacketStatuses)
            {
                if (status.Delta is { } delta)
                {
                    _received++;
                    _delaySum += Math.Abs(delta);
                }
                else if (status.Status == TWCCPacketStatusType.NotReceived)
                {
                    _lost++;
                }
            }
            var now = _time.GetTimestamp();
            if (_time.GetElapsedTime(_intervalStart, now) >= TimeSpan.FromSeconds(1))
            {
                _intervalStart = now;
                update = EndInterval();
            }
        }
        // Outside of the lock: a handler may call back.
        if (update is not null)
            OnBitrateChange?.Invoke(this, update);
    }

    /// <summary>Sets the ceiling for a picture size, frame rate and codec; the first call starts at a quarter of it.</summary>
    public void CalculateMaxBitrate(int width, int height, int framerate, VideoCodecsEnum codec)
    {
        var isH264 = codec == VideoCodecsEnum.H264;
        var kilobitsPerFrame = ((long)width * height) switch
        {
            <= 352 * 288 => isH264 ? 13 : 10,
            <= 640 * 480 => isH264 ? 35 : 27,
            <= 1280 * 720 => isH264 ? 87 : 67,
            <= 1920 * 1080 => isH264 ? 173 : 133,
            _ => isH264 ? 347 : 267,
        };
        lock (_gate)
        {
            _maxBitrate = kilobitsPerFrame * 1000.0 * framerate;
            if (_ready)
                return;
            _bitrate = _maxBitrate / 4;
            _maxFramerate = _framerate = framerate;
            _ready = true;
        }
    }

    BitrateUpdateEventArgs EndInterval()
    {
        var delay = _received == 0 ? 0 : _delaySum / _received;
        var loss = _received + _lost == 0 ? 0 : (double)_lost / (_received + _lost);
        (_received, _lost, _delaySum) = (0, 0, 0);
        _loss = _delay is null ? loss : _loss + Weight * (loss - _loss);
        _delay = _delay is null ? delay : _delay + Weight * (delay - _delay);

        if (_delay > VeryHighDelayMicros || _loss > VeryHighLoss)
            Scale(0.5);
        else if (_delay > HighDelayMicros || _loss > HighLoss)
            Scale(0.85);
        else
            (_bitrate, _framerate) = (_bitrate + StepUp, _framerate * 1.1);

        _bitrate = Math.Max(MinBitrate, Math.Min(_bitrate, _maxBitrate));
        _framerate = Math.Max(MinFramerate, Math.Min(_framerate, _maxFramerate));
        return new BitrateUpdateEventArgs(_bitrate, _framerate);

        void Scale(double factor) => (_bitrate, _framerate) = (_bitrate * factor, _framerate * factor);
    }
}
