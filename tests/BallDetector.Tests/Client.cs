using Ball.Handoff;
using Ball.Measuring;
using Ball.Pictures;

namespace BallDetector.Tests;

/// <summary>
/// The client's side: offers frames at an even pace from a thread of its own and listens at the slot from another. The ball in
/// frame n is where n says, so that a coordinate that belongs to another frame, or to two, is found.
/// </summary>
internal sealed class Client : IDisposable
{
    public const int FramesPerSecond = 60;
    private const int Radius = 24;
    private readonly FramePipeWriter _pipe;
    private readonly CoordinateSlotReader _slot;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _offering;
    private readonly Thread _listening;
    private readonly Picture[] _pictures;
    private long _coordinates;
    private long _lastAt;
    private Exception? _failure;

    public Client(string pipe, string slot, int width = 640, int height = 480)
    {
        _pipe = FramePipeWriter.Serve(pipe);
        _slot = new CoordinateSlotReader(slot);
        _pictures = [.. Enumerable.Range(0, 10).Select(n => Paint(n, width, height))];
        _offering = Guarded(Offer);
        _listening = Guarded(Listen);
    }

    public Guid Session { get; } = Guid.NewGuid();

    public FramePipeWriter Pipe => _pipe;

    /// <summary>Coordinates heard so far.</summary>
    public long Coordinates => Volatile.Read(ref _coordinates);

    /// <summary>When the newest was heard, in monotonic nanoseconds.</summary>
    public long LastAt => Volatile.Read(ref _lastAt);

    /// <summary>The first thing that went wrong: an exception, or a coordinate that cannot be.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    public void Dispose()
    {
        _stop.Set();
        _offering.Join();
        _slot.Dispose();
        _listening.Join();
        _pipe.Dispose();
    }

    private static (float X, float Y) Truth(long frame) => (60 + (frame % 10 * 50), 400 - (frame % 10 * 30));

    private static Picture Paint(int frame, int width, int height)
    {
        var picture = new Picture(width, height, PixelFormat.Bgr24);
        picture.Bytes.AsSpan().Fill(255);
        var (x, y) = Truth(frame);
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                if (((row - y) * (row - y)) + ((column - x) * (column - x)) > Radius * Radius)
                    continue;
                var pixel = picture.Bytes.AsSpan((row * picture.Layout.Stride) + (column * 3), 3);
                (pixel[0], pixel[1], pixel[2]) = (0, 0, 255);
            }
        }
        return picture;
    }

    private Thread Guarded(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _failure, e, null);
            }
        })
        { IsBackground = true };
        thread.Start();
        return thread;
    }

    private void Offer()
    {
        var started = TimeProvider.System.Nanoseconds();
        for (long frame = 1; !_stop.IsSet; frame++)
        {
            var now = TimeProvider.System.Nanoseconds();
            _pipe.Offer(new FrameTag(Session, frame, (uint)(frame * 1500), now), _pictures[frame % _pictures.Length].View);
            var left = started + (frame * 1_000_000_000L / FramesPerSecond) - TimeProvider.System.Nanoseconds();
            if (left > 0)
                _stop.Wait(TimeSpan.FromTicks(left / 100));
        }
    }

    private void Listen()
    {
        long last = 0;
        while (!_stop.IsSet)
        {
            if (!_slot.Wait(TimeSpan.FromMilliseconds(100), out var coordinate))
                continue;
            // What a detector was at when another client left comes late, and is for nobody.
            if (last == 0 && coordinate.Session != Session)
                continue;
            var now = TimeProvider.System.Nanoseconds();
            var (x, y) = Truth(coordinate.Frame);
            Check(coordinate.Session == Session && coordinate.Frame > last, "stale", coordinate);
            Check(coordinate.RtpTimestamp == (uint)(coordinate.Frame * 1500), "torn", coordinate);
            Check(coordinate.IsBall && Math.Abs(coordinate.X - x) < 2 && Math.Abs(coordinate.Y - y) < 2, "wrong", coordinate);
            Check(coordinate.ReceivedAt <= coordinate.OfferedAt && coordinate.OfferedAt <= coordinate.StartedAt
                  && coordinate.StartedAt <= coordinate.EndedAt && coordinate.EndedAt <= now, "out of time", coordinate);
            last = coordinate.Frame;
            Volatile.Write(ref _lastAt, now);
            Interlocked.Increment(ref _coordinates);
        }
    }

    private static void Check(bool good, string what, in Coordinate coordinate)
    {
        if (!good)
            throw new InvalidOperationException($"A coordinate is {what}: {coordinate}");
    }
}
