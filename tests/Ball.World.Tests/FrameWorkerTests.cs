using System.Collections.Concurrent;

namespace Ball.World.Tests;

public sealed class FrameWorkerTests
{
    private const long Second = 1_000_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(29.97)]
    [InlineData(60)]
    [InlineData(240)]
    public void Frames_are_due_at_start_plus_n_periods_without_drift(double rate)
    {
        var clock = new VirtualClock { Nanoseconds = 1_234_567 };
        var stamps = Record(clock, new FrameRate(rate), 10_000, (_, _) => { });
        for (var n = 0; n < stamps.Count; n++)
        {
            Assert.Equal(n, stamps[n].Number);
            Assert.Equal(1_234_567 + n * 1e9 / rate, stamps[n].Nanoseconds, 1.5);
            Assert.Equal((uint)(n * 90_000.0 / rate), (double)stamps[n].RtpTimestamp, 1.0);
        }
    }

    [Fact]
    public void Who_is_slow_loses_frames_and_is_never_behind()
    {
        var clock = new VirtualClock();
        var worker = default(FrameWorker);
        var stamps = Record(clock, new FrameRate(100), 1000, (stamp, w) =>
        {
            worker = w;
            Assert.InRange(clock.Nanoseconds - stamp.Nanoseconds, 0, Second / 100 - 1);
            clock.Nanoseconds += Second * 25 / 1000;
        });
        Assert.Equal(Enumerable.Range(0, 1000).Select(n => n * 5L / 2), stamps.Select(s => s.Number));
        Assert.Equal(stamps[^1].Number + 1 - 1000, worker!.Progress.Dropped);
    }

    [Fact]
    public void A_pause_of_the_machine_costs_frames_and_no_drift()
    {
        var clock = new VirtualClock();
        var stamps = Record(clock, new FrameRate(50), 100, (stamp, _) =>
        {
            if (stamp.Number == 10)
                clock.Nanoseconds += 10 * Second + 1;
        });
        Assert.Equal(510, stamps[11].Number);
        Assert.All(stamps, s => Assert.Equal(s.Number * Second / 50, s.Nanoseconds));
    }

    [Fact]
    public void The_rate_changes_from_one_frame_to_the_next()
    {
        var clock = new VirtualClock();
        var stamps = Record(clock, new FrameRate(10), 30, (stamp, worker) =>
        {
            if (stamp.Number == 9)
                worker.Rate = new FrameRate(40);
            if (stamp.Number == 19)
                worker.Rate = new FrameRate(5);
        });
        Assert.Equal(Enumerable.Range(0, 30).Select(n => (long)n), stamps.Select(s => s.Number));
        var gaps = stamps.Zip(stamps.Skip(1), (a, b) => b.Nanoseconds - a.Nanoseconds).ToArray();
        Assert.All(gaps[..9], gap => Assert.Equal(Second / 10, gap));
        Assert.All(gaps[9..19], gap => Assert.Equal(Second / 40, gap));
        Assert.All(gaps[19..], gap => Assert.Equal(Second / 5, gap));
    }

    [Fact]
    public void What_was_due_and_the_time_that_it_was_due_in_are_the_rate()
    {
        var clock = new VirtualClock();
        var progress = new List<FrameProgress>();
        Record(clock, new FrameRate(60), 100, (stamp, worker) =>
        {
            progress.Add(worker.Progress);
            if (stamp.Number % 10 == 3)
                clock.Nanoseconds += 2 * Second + 7;
        });
        Assert.Equal(default, progress[0]);
        Assert.All(progress[1..], at => Assert.Equal(at.Shown + at.Dropped, 60 * at.Time.TotalSeconds, 1e-4));
        Assert.InRange(progress[^1].Dropped, 120, long.MaxValue);
    }

    [Fact]
    public void The_time_of_several_rates_adds_up()
    {
        var last = default(FrameWorker);
        var stamps = Record(new VirtualClock(), new FrameRate(10), 30, (stamp, worker) =>
        {
            last = worker;
            if (stamp.Number == 9)
                worker.Rate = new FrameRate(40);
        });
        var time = stamps[^1].Nanoseconds + Second / 40;
        Assert.Equal(new FrameProgress(30, 0, TimeSpan.FromTicks(time / 100)), last!.Progress);
    }

    [Fact]
    public async Task What_the_handler_throws_reaches_the_owner()
    {
        using var worker = new FrameWorker(new FrameRate(240), MonotonicClock.Instance,
            _ => throw new InvalidOperationException("paint is out"));
        worker.Start();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => worker.Completion.WaitAsync(TimeSpan.FromSeconds(30)));
        Assert.Equal("paint is out", failure.Message);
    }

    [Fact]
    public async Task A_worker_that_waits_for_a_far_frame_stops_at_once()
    {
        var clock = new StandingClock();
        using var worker = new FrameWorker(new FrameRate(1), clock, _ => { });
        worker.Start();
        await clock.IsWaitedFor.WaitAsync(TimeSpan.FromSeconds(30));
        worker.Stop();
        await worker.Completion.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, worker.Progress.Shown);
    }

    [Fact]
    public async Task A_worker_that_never_started_can_be_stopped_and_its_handler_may_stop_it()
    {
        var idle = new FrameWorker(new FrameRate(30), MonotonicClock.Instance, _ => { });
        idle.Dispose();
        await idle.Completion;

        var self = default(FrameWorker);
        self = new FrameWorker(new FrameRate(240), MonotonicClock.Instance, _ => self!.Dispose());
        self.Start();
        await self.Completion.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task The_real_clock_is_waited_for_to_its_end()
    {
        var late = new ConcurrentQueue<long>();
        using var worker = new FrameWorker(new FrameRate(200), MonotonicClock.Instance,
            stamp => late.Enqueue(MonotonicClock.Now - stamp.Nanoseconds));
        worker.Start();
        Assert.True(SpinWait.SpinUntil(() => late.Count >= 20, TimeSpan.FromSeconds(30)), $"{late.Count} frames came");
        worker.Stop();
        await worker.Completion.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.All(late, nanoseconds => Assert.True(nanoseconds >= 0, "a frame came before its time"));
    }

    [Fact]
    public async Task The_real_clock_lets_itself_be_woken()
    {
        using var wake = new ManualResetEventSlim();
        var waiting = Task.Run(() => MonotonicClock.Instance.WaitUntil(MonotonicClock.Now + 3600 * Second, wake));
        Assert.False(waiting.IsCompleted);
        wake.Set();
        await waiting.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(241)]
    [InlineData(double.NaN)]
    public void A_rate_out_of_range_is_refused(double rate) =>
        Assert.Contains("1 to 240", Assert.Throws<ArgumentException>(() => new FrameRate(rate)).Message);

    [Fact]
    public void Frame_times_and_frames_are_inverse()
    {
        var random = new Random(1);
        for (var i = 0; i < 100_000; i++)
        {
            var rate = new FrameRate(1 + random.NextDouble() * 239);
            var n = random.NextInt64(0, 1L << random.Next(1, 31));
            Assert.Equal(n, rate.FrameAt(rate.TimeOf(n)));
            Assert.Equal(n - 1, n == 0 ? -1 : rate.FrameAt(rate.TimeOf(n) - 1));
        }
    }

    [Fact]
    public void Rtp_timestamps_wrap_around()
    {
        var stamps = Record(new VirtualClock(), new FrameRate(30), 10, (_, _) => { }, uint.MaxValue - 4000);
        Assert.All(stamps.Zip(stamps.Skip(1)), pair =>
            Assert.Equal(3000u, unchecked(pair.Second.RtpTimestamp - pair.First.RtpTimestamp)));
        Assert.Equal(90_000u * 3600u, FrameStamp.RtpTicks(3600 * Second));
    }

    private static List<FrameStamp> Record(
        VirtualClock clock, FrameRate rate, int frames, Action<FrameStamp, FrameWorker> onFrame, uint firstRtpTimestamp = 0)
    {
        var stamps = new List<FrameStamp>();
        var worker = default(FrameWorker);
        worker = new FrameWorker(rate, clock, stamp =>
        {
            stamps.Add(stamp);
            onFrame(stamp, worker!);
            if (stamps.Count == frames)
                worker!.Stop();
        }, firstRtpTimestamp);
        worker.Start();
        Assert.True(worker.Completion.Wait(TimeSpan.FromSeconds(60)));
        return stamps;
    }

    /// <summary>Waiting is the only thing that takes time here.</summary>
    private sealed class VirtualClock : IFrameClock
    {
        public long Nanoseconds { get; set; }

        public void WaitUntil(long nanoseconds, ManualResetEventSlim wake)
        {
            if (!wake.IsSet)
                Nanoseconds = Math.Max(Nanoseconds, nanoseconds);
        }
    }

    /// <summary>No frame but the first is ever due.</summary>
    private sealed class StandingClock : IFrameClock
    {
        private readonly TaskCompletionSource _waitedFor = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsWaitedFor => _waitedFor.Task;

        public long Nanoseconds => 0;

        public void WaitUntil(long nanoseconds, ManualResetEventSlim wake)
        {
            _waitedFor.TrySetResult();
            wake.Wait();
        }
    }
}
