using Ball.Link.Messages;
using Ball.Measuring;

namespace BallServer.Scoring;

/// <summary>
/// Judges one peer's coordinates against the truth. A message belongs to the frame it names and to no other; one that names no
/// frame is scored only by what needs none.
/// </summary>
/// <remarks>
/// Frames come from the frame worker and messages from the network, so every method may be called from any thread.
/// </remarks>
internal sealed class Scorer(TruthAt truth)
{
    readonly Lock _gate = new();
    readonly SentFrames _frames = new();
    readonly ScoreTotals _totals = new();
    long _turn;
    long _lastAt;

    /// <summary>Remembers a frame. Must be called before its coordinates can come back, so before it is sent.</summary>
    public void Sent(in SentFrame frame)
    {
        lock (_gate)
            _frames.Add(frame);
    }

    /// <summary>Judges a message.</summary>
    /// <param name="message">What the peer reported.</param>
    /// <param name="now">When it arrived, in nanoseconds of our clock.</param>
    /// <param name="clock">What is known of the peer's clock, for the stages.</param>
    public Score Score(in Coordinates message, long now, in ClockReading clock)
    {
        var (trueX, trueY) = truth(now);
        var realtime = PixelError.Between(message.X, message.Y, trueX, trueY);
        lock (_gate)
        {
            if (message.Identity == FrameIdentity.None)
            {
                _totals.Plain++;
                NoteGap(now);
                AddRealtime(realtime);
                return new Score(SampleResult.Plain)
                {
                    X = message.X, Y = message.Y, Realtime = realtime, InOrder = TakeTurn(message),
                };
            }
            uint rtp = message.Identity == FrameIdentity.Rtp ? message.Rtp : unchecked(_frames.FirstRtp + (uint)message.Pts);
            long place = _frames.Find(rtp);
            if (place < 0)
            {
                _totals.Unmatched++;
                return new Score(SampleResult.Unmatched) { X = message.X, Y = message.Y };
            }
            if (!_frames.TryScore(place))
            {
                _totals.Duplicates++;
                return new Score(SampleResult.Duplicate) { X = message.X, Y = message.Y };
            }
            SentFrame frame = _frames.At(place);
            var error = PixelError.Between(message.X, message.Y, frame.X, frame.Y);
            _totals.Matched++;
            _totals.FrameL1 += error.L1;
            _totals.FrameL2 += error.L2;
            _totals.Error.Add((long)Math.Round(error.L2 * ErrorFigures.PerPixel));
            _totals.Latency.Add(now - frame.Shown);
            NoteGap(now);
            AddRealtime(realtime);
            AddStages(frame, message.Times, now, clock);
            return new Score(SampleResult.Matched)
            {
                X = message.X, Y = message.Y, Frame = frame, Error = error, Latency = now - frame.Shown, Realtime = realtime,
                InOrder = TakeTurn(message),
            };
        }
    }

    /// <summary>Adds this peer's totals to others.</summary>
    public void AddTo(ScoreTotals sum)
    {
        lock (_gate)
            sum.Add(_totals);
    }

    /// <summary>How things are now. Unlike <see cref="AddTo"/> it copies no histograms, so views may ask often.</summary>
    public ScoreReading Read()
    {
        lock (_gate)
        {
            return new ScoreReading(
                _totals.Samples, _totals.Unmatched,
                _totals.Matched > 0 ? _totals.FrameL2 / _totals.Matched : null,
                _totals.InOrderL1, Percentiles.Of(_totals.Latency));
        }
    }

    /// <summary>The k-th message against the k-th frame, whatever it names, as the original task's programs count.</summary>
    PixelError? TakeTurn(in Coordinates message)
    {
        long place = _turn++;
        if (!_frames.Has(place))
            return null;
        ref readonly SentFrame frame = ref _frames.At(place);
        var error = PixelError.Between(message.X, message.Y, frame.X, frame.Y);
        _totals.InOrderL1 += error.L1;
        _totals.InOrderL2 += error.L2;
        return error;
    }

    void NoteGap(long now)
    {
        if (_lastAt != 0)
            _totals.LongestGap = Math.Max(_totals.LongestGap, now - _lastAt);
        _lastAt = now;
    }

    void AddRealtime(PixelError realtime) =>
        _totals.RealtimeError.Add((long)Math.Round(realtime.L2 * ErrorFigures.PerPixel));

    void AddStages(in SentFrame frame, in StageTimes times, long now, in ClockReading clock)
    {
        Between(LoopStage.Paint, frame.Shown, frame.Painted);
        Between(LoopStage.Encode, frame.Painted, frame.Encoded);
        Between(LoopStage.Send, frame.Encoded, frame.Sent);
        Between(LoopStage.Decode, times.Received, times.Decoded);
        Between(LoopStage.Handoff, times.Decoded, times.HandedOff);
        Between(LoopStage.Detect, times.HandedOff, times.Detected);
        Between(LoopStage.Report, times.Detected, times.Sent);
        if (!clock.IsKnown)
            return;
        if (times.Received != 0)
            Between(LoopStage.Network, frame.Sent, clock.ToOurs(times.Received));
        if (times.Sent != 0)
            Between(LoopStage.Return, clock.ToOurs(times.Sent), now);
    }

    void Between(LoopStage stage, long from, long to)
    {
        if (from != 0 && to != 0)
            _totals.Stage(stage).Add(to - from);
    }
}
