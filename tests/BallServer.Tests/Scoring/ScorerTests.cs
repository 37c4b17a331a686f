using Ball.Link.Messages;
using Ball.Measuring;
using BallServer.Scoring;

namespace BallServer.Tests.Scoring;

public class ScorerTests
{
    const long Millisecond = 1_000_000;

    // The ball goes right by one pixel a millisecond.
    readonly Scorer _scorer = new(now => (now / (double)Millisecond, 100));

    [Fact]
    public void A_sighting_is_scored_against_the_frame_it_names_and_against_now()
    {
        Send(1, 2, 3);
        var score = _scorer.Score(Sighting(2, 63, 104), 80 * Millisecond, ClockReading.None);
        Assert.Equal(SampleResult.Matched, score.Result);
        Assert.Equal(2, score.Frame.Number);
        Assert.Equal(new PixelError(7, 5), score.Error);
        Assert.Equal(20 * Millisecond, score.Latency);
        Assert.Equal(new PixelError(17 + 4, Math.Sqrt(17 * 17 + 16)), score.Realtime);
        // The first message, against the first frame.
        Assert.Equal(33 + 4, score.InOrder!.Value.L1);
    }

    [Fact]
    public void A_sighting_of_no_frame_is_counted_and_not_guessed_at()
    {
        Send(1, 2, 3);
        foreach (uint rtp in new uint[] { 0, 3001, 8999, 12000, uint.MaxValue })
        {
            var score = _scorer.Score(new Coordinates(1, 1) { Identity = FrameIdentity.Rtp, Rtp = rtp }, 0, ClockReading.None);
            Assert.Equal(SampleResult.Unmatched, score.Result);
        }
        var totals = Totals();
        Assert.Equal(5, totals.Unmatched);
        Assert.Equal(0, totals.Samples);
        Assert.Equal(0, totals.RealtimeError.Count);
        Assert.Equal(0, totals.InOrderL1);
    }

    [Fact]
    public void A_second_sighting_of_a_frame_is_a_duplicate()
    {
        Send(1);
        Assert.Equal(SampleResult.Matched, _scorer.Score(Sighting(1, 30, 100), 40, ClockReading.None).Result);
        Assert.Equal(SampleResult.Duplicate, _scorer.Score(Sighting(1, 99, 100), 41, ClockReading.None).Result);
        var totals = Totals();
        Assert.Equal((1, 1), (totals.Samples, totals.Duplicates));
        Assert.Equal(0, totals.FrameL1);
    }

    [Fact]
    public void The_longest_time_without_a_score_is_kept_and_what_names_no_frame_ends_none()
    {
        Send(1, 2, 3);
        _scorer.Score(Sighting(1, 30, 100), 100 * Millisecond, ClockReading.None);
        _scorer.Score(Sighting(9, 30, 100), 180 * Millisecond, ClockReading.None);
        _scorer.Score(Sighting(1, 30, 100), 190 * Millisecond, ClockReading.None);
        _scorer.Score(Sighting(2, 30, 100), 250 * Millisecond, ClockReading.None);
        _scorer.Score(Sighting(3, 30, 100), 280 * Millisecond, ClockReading.None);
        Assert.Equal(150 * Millisecond, Totals().LongestGap);
    }

    [Fact]
    public void Ticks_since_the_first_frame_name_a_frame_too()
    {
        Send(5, 6, 7);
        var score = _scorer.Score(new Coordinates(0, 0) { Identity = FrameIdentity.Pts, Pts = 6000 }, 0, ClockReading.None);
        Assert.Equal(7, score.Frame.Number);
        score = _scorer.Score(new Coordinates(0, 0) { Identity = FrameIdentity.Pts, Pts = 1500 }, 0, ClockReading.None);
        Assert.Equal(SampleResult.Unmatched, score.Result);
    }

    [Fact]
    public void Bare_coordinates_are_scored_in_order_and_in_real_time_only()
    {
        Send(1, 2, 3);
        var first = _scorer.Score(new Coordinates(30, 100), 90 * Millisecond, ClockReading.None);
        Assert.Equal(SampleResult.Plain, first.Result);
        Assert.Equal(new PixelError(0, 0), first.InOrder);
        Assert.Equal(new PixelError(60, 60), first.Realtime);
        var second = _scorer.Score(new Coordinates(63, 104), 90 * Millisecond, ClockReading.None);
        Assert.Equal(new PixelError(7, 5), second.InOrder);
        _scorer.Score(new Coordinates(90, 100), 91 * Millisecond, ClockReading.None);
        var early = _scorer.Score(new Coordinates(90, 100), 92 * Millisecond, ClockReading.None);
        Assert.Null(early.InOrder);
        var totals = Totals();
        Assert.Equal((4, 4, 0), (totals.Samples, totals.Plain, totals.Matched));
        Assert.Equal(7, totals.InOrderL1);
        Assert.Equal(5, totals.InOrderL2);
        Assert.Equal(0, totals.Latency.Count);
        Assert.Equal(0, totals.Error.Count);
    }

    [Fact]
    public void Timestamps_may_wrap_around()
    {
        uint rtp = uint.MaxValue - 4500;
        for (int n = 0; n < 10; n++, rtp += 3000)
            _scorer.Sent(new SentFrame(rtp, n, n, n, n, n, n, n));
        rtp = uint.MaxValue - 4500;
        for (int n = 0; n < 10; n++, rtp = unchecked(rtp + 3000))
        {
            var score = _scorer.Score(new Coordinates(n, n) { Identity = FrameIdentity.Rtp, Rtp = rtp }, 0, ClockReading.None);
            Assert.Equal((SampleResult.Matched, n), (score.Result, (int)score.Frame.Number));
        }
    }

    [Fact]
    public void Only_the_latest_frames_are_remembered()
    {
        Send([.. Enumerable.Range(1, 5000)]);
        Assert.Equal(SampleResult.Unmatched, _scorer.Score(Sighting(5000 - 1024, 0, 0), 0, ClockReading.None).Result);
        Assert.Equal(SampleResult.Matched, _scorer.Score(Sighting(5000 - 1023, 0, 0), 0, ClockReading.None).Result);
        Assert.Equal(SampleResult.Matched, _scorer.Score(Sighting(5000, 0, 0), 0, ClockReading.None).Result);
    }

    [Fact]
    public void Frames_are_found_as_a_dictionary_would_find_them()
    {
        var random = new Random(17);
        for (int round = 0; round < 50; round++)
        {
            var frames = new SentFrames();
            var model = new Dictionary<uint, long>();
            var order = new Queue<uint>();
            uint rtp = (uint)random.NextInt64(uint.MaxValue);
            for (long n = 0; n < 3000; n++)
            {
                rtp = unchecked(rtp + (uint)random.Next(1, 10));
                frames.Add(new SentFrame(rtp, n, 0, 0, 0, 0, 0, 0));
                model[rtp] = n;
                order.Enqueue(rtp);
                if (order.Count > SentFrames.Capacity)
                    model.Remove(order.Dequeue());
                uint wanted = unchecked(rtp - (uint)random.Next(8000));
                Assert.Equal(model.GetValueOrDefault(wanted, -1), frames.Find(wanted));
            }
        }
    }

    [Fact]
    public void A_timestamp_that_steps_back_makes_nothing_ambiguous()
    {
        Send(1, 2, 3);
        _scorer.Sent(new SentFrame(6000, 4, 0, 0, 0, 0, 50, 50));
        var score = _scorer.Score(Sighting(2, 50, 50), 0, ClockReading.None);
        Assert.Equal(4, score.Frame.Number);
        Assert.Equal(SampleResult.Unmatched, _scorer.Score(Sighting(3, 0, 0), 0, ClockReading.None).Result);
        _scorer.Sent(new SentFrame(6000 + (1u << 31) - 1, 5, 0, 0, 0, 0, 0, 0));
        _scorer.Sent(new SentFrame(6000 + (1u << 31) + 5, 6, 0, 0, 0, 0, 0, 0));
        Assert.Equal(SampleResult.Unmatched, _scorer.Score(Sighting(2, 0, 0), 0, ClockReading.None).Result);
    }

    [Fact]
    public void The_stages_add_up_to_the_loop()
    {
        const long offset = 1_000_000_000_000;
        _scorer.Sent(new SentFrame(7, 1, 100 * Millisecond, 101 * Millisecond, 103 * Millisecond, 104 * Millisecond, 0, 0));
        var sighting = new Coordinates(0, 0)
        {
            Identity = FrameIdentity.Rtp,
            Rtp = 7,
            Times = new StageTimes(Theirs(109), Theirs(112), Theirs(113), Theirs(120), Theirs(121)),
        };
        var score = _scorer.Score(sighting, 127 * Millisecond, new ClockReading(offset, 10, 5));
        var totals = Totals();
        long sum = 0;
        long[] expected = [1, 2, 1, 5, 3, 1, 7, 1, 6];
        foreach (var stage in Enum.GetValues<LoopStage>())
        {
            Assert.Equal(expected[(int)stage] * Millisecond, totals.Stage(stage).Max);
            sum += totals.Stage(stage).Max;
        }
        Assert.Equal(score.Latency, sum);

        static long Theirs(long milliseconds) => milliseconds * Millisecond + offset;
    }

    [Fact]
    public void Without_the_peers_clock_only_its_own_stages_are_known()
    {
        _scorer.Sent(new SentFrame(7, 1, 1, 2, 3, 4, 0, 0));
        _scorer.Score(new Coordinates(0, 0)
        {
            Identity = FrameIdentity.Rtp, Rtp = 7, Times = new StageTimes(10, 20, 0, 40, 50),
        }, 100, ClockReading.None);
        var totals = Totals();
        Assert.Equal(10, totals.Stage(LoopStage.Decode).Max);
        Assert.Equal(10, totals.Stage(LoopStage.Report).Max);
        Assert.Equal(0, totals.Stage(LoopStage.Handoff).Count);
        Assert.Equal(0, totals.Stage(LoopStage.Network).Count);
        Assert.Equal(0, totals.Stage(LoopStage.Return).Count);
    }

    [Fact]
    public void Scoring_takes_no_memory()
    {
        Work(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int n = 1; n < 3000; n++)
            Work(n);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(3000, Totals().Matched);

        void Work(int n)
        {
            _scorer.Sent(new SentFrame((uint)n * 3000, n, 1, 2, 3, 4, 5, 6));
            _scorer.Score(Sighting(n, 5, 6), 100, new ClockReading(0, 1, 1));
        }
    }

    [Fact]
    public void Several_peers_make_one_summary()
    {
        var other = new Scorer(_ => (0, 0));
        Send(1, 2);
        other.Sent(new SentFrame(3000, 1, 0, 0, 0, 0, 0, 0));
        _scorer.Score(Sighting(1, 33, 104), 40 * Millisecond, ClockReading.None);
        other.Score(Sighting(1, 0, 0), 20 * Millisecond, ClockReading.None);
        other.Score(new Coordinates(0, 0), 30 * Millisecond, ClockReading.None);
        var totals = Totals();
        other.AddTo(totals);
        var summary = totals.Describe(new RunSummary { Fps = 30 });
        Assert.Equal((3, 0, 1), (summary.Samples, summary.Unmatched, summary.Plain));
        Assert.Equal(2.5, summary.Error!.Mean, 3);
        Assert.Equal(5, summary.Error.Max, 3);
        Assert.Equal(7, summary.L1Total);
        Assert.InRange(summary.Latency!.P50, 9.9, 10.1);
        Assert.Equal(30, summary.Fps);
    }

    void Send(params int[] numbers)
    {
        foreach (int n in numbers)
        {
            long shown = n * 30 * Millisecond;
            _scorer.Sent(new SentFrame((uint)n * 3000, n, shown, shown, shown, shown, n * 30, 100));
        }
    }

    static Coordinates Sighting(int frame, double x, double y) =>
        new(x, y) { Identity = FrameIdentity.Rtp, Rtp = (uint)frame * 3000 };

    ScoreTotals Totals()
    {
        var totals = new ScoreTotals();
        _scorer.AddTo(totals);
        return totals;
    }
}
