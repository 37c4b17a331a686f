using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ball.Handoff;
using Ball.Pictures;
using Ball.Vision;
using Ball.World;
using BallAspire.ServiceDefaults;
using Microsoft.Extensions.Logging.Abstractions;

namespace BallDetector.Tests;

/// <summary>The loop in this process, with finders that do what a test needs.</summary>
[Collection(nameof(ChaosTests))]
public sealed class DetectionTests : IDisposable
{
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(20);
    private static readonly Guid s_session = Guid.NewGuid();
    private readonly TestFolder _folder = new();
    private readonly FramePipeWriter _pipe;
    private readonly CoordinateSlotReader _slot;
    private readonly Picture _picture = new(64, 48, PixelFormat.Gray8);

    public DetectionTests()
    {
        _pipe = FramePipeWriter.Serve(_folder.Pipe);
        _slot = new CoordinateSlotReader(_folder.Slot);
    }

    public void Dispose()
    {
        _slot.Dispose();
        _pipe.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_coordinate_carries_its_frame_and_its_times()
    {
        using var detector = Start(_ => new Sighting(1.25f, 2.5f, 3, 0.5f));
        var coordinate = Detect(7, 12345);
        Assert.Equal((s_session, 7L, 12345u), (coordinate.Session, coordinate.Frame, coordinate.RtpTimestamp));
        Assert.Equal((1.25f, 2.5f, 3f, 0.5f), (coordinate.X, coordinate.Y, coordinate.Radius, coordinate.Confidence));
        Assert.Equal("hough", coordinate.Finder.ToString());
        Assert.True(coordinate.ReceivedAt == 42 && coordinate.OfferedAt <= coordinate.StartedAt
            && coordinate.StartedAt <= coordinate.EndedAt);
    }

    [Fact]
    public void No_ball_is_an_answer_too()
    {
        using var detector = Start(_ => Sighting.None);
        Assert.False(Detect(1, 1).IsBall);
        Until(() => detector.Summary is { Read: 1, WithBall: 0 });
    }

    [Fact]
    public void A_finder_that_fails_at_a_frame_costs_that_frame_only()
    {
        var calls = 0;
        using var detector = Start(_ => ++calls == 2 ? throw new InvalidOperationException("no") : new Sighting(1, 1, 1, 1));
        Detect(1, 1);
        Offer(2, 2);
        Until(() => detector.Trouble == "no");
        Detect(3, 3);
        Until(() => detector.Summary is { Read: 3, Failed: 1, WithBall: 2 } && detector.Trouble is null);
    }

    [Fact]
    public void A_finder_that_cannot_be_made_ends_the_detector()
    {
        using var detector = Detector.Start(Options, () => throw new DllNotFoundException("libwhatever"), NullLogger.Instance);
        Until(() => detector.Completion.IsFaulted);
        Assert.Contains("libwhatever", Assert.IsType<SetUpException>(detector.Completion.Exception!.InnerException).Message);
        Assert.NotNull(detector.Trouble);
    }

    [Fact]
    public void Frames_it_had_no_time_for_are_counted()
    {
        using var detector = Start(_ => new Sighting(1, 1, 1, 1));
        Detect(1, 1);
        Detect(5, 5);
        Detect(6, 6);
        Until(() => detector.Summary is { Read: 3, Dropped: 3 });
    }

    [Fact]
    public void The_loop_allocates_nothing()
    {
        long before = 0, after = 0, calls = 0;
        using var detector = Start(_ =>
        {
            switch (++calls)
            {
                case 200:
                    before = GC.GetAllocatedBytesForCurrentThread();
                    break;
                case 1200:
                    after = GC.GetAllocatedBytesForCurrentThread();
                    break;
            }
            return new Sighting(1, 1, 1, 1);
        });
        for (var frame = 1; frame <= 1300; frame++)
            Detect(frame, (uint)frame);
        Assert.Equal(before, after);
        Assert.NotEqual(0, before);
    }

    [Fact]
    public void Every_frame_is_measured()
    {
        var seen = new List<string>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == "Ball")
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value >= 0 ? 1 : -1,
            tags));
        listener.Start();
        using var detector = Start(_ => new Sighting(1, 1, 1, 1));
        Detect(1, 1);
        Detect(4, 4);
        Until(() => detector.Summary.Read == 2);
        Until(() => Count() >= 7);
        lock (seen)
        {
            Assert.Equal(2, seen.Count(line => line == "ball.frames 1 stage=detected"));
            Assert.Equal(2, seen.Count(line => line == "ball.stage.latency 1 stage=pipe"));
            Assert.Equal(2, seen.Count(line => line == "ball.stage.latency 1 stage=detect"));
            Assert.Equal(1, seen.Count(line => line == "ball.frames.dropped 2 stage=detect reason=busy"));
        }

        int Count()
        {
            lock (seen)
                return seen.Count;
        }

        void Keep(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var line = $"{instrument.Name} {value}";
            foreach (var (name, text) in tags)
                line += $" {name}={text}";
            lock (seen)
                seen.Add(line);
        }
    }

    [Fact]
    public void A_traced_frame_leaves_spans_in_the_trace_that_every_process_derives()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Ball",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = span =>
            {
                lock (spans)
                    spans.Add(span);
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var detector = Start(_ => new Sighting(1, 1, 1, 1));
        Detect(1, 90_000);
        var coordinate = Detect(2, 93_000, isTraced: true);
        Until(() =>
        {
            lock (spans)
                return spans.Count >= 2;
        });
        var trace = FrameTrace.Of(s_session, 93_000);
        Assert.Equal(["pipe", "detect"], spans.Select(span => span.OperationName));
        Assert.All(spans, span => Assert.Equal((trace.TraceId, trace.FrameSpanId), (span.TraceId, span.ParentSpanId)));
        Assert.Equal((coordinate.EndedAt - coordinate.StartedAt) / 1e6, spans[1].Duration.TotalMilliseconds, 0.001);
    }

    private DetectorOptions Options => new() { Pipe = _folder.Pipe, Slot = _folder.Slot };

    private Detector Start(Finding.Answer answer)
    {
        var detector = Detector.Start(Options, () => new Finding(answer), NullLogger.Instance);
        Until(() => _pipe.HasDetector);
        return detector;
    }

    private void Offer(long frame, uint rtp, bool isTraced = false) =>
        _pipe.Offer(new FrameTag(s_session, frame, rtp, 42, isTraced), _picture.View);

    private Coordinate Detect(long frame, uint rtp, bool isTraced = false)
    {
        Offer(frame, rtp, isTraced);
        Assert.True(_slot.Wait(s_soon, out var coordinate), "no coordinate came");
        Assert.Equal(frame, coordinate.Frame);
        return coordinate;
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, s_soon));

    private sealed class Finding(Finding.Answer answer) : IBallFinder
    {
        public delegate Sighting Answer(PictureView picture);

        public Sighting Find(PictureView picture) => answer(picture);

        public void Dispose()
        {
        }
    }
}
