using System.Diagnostics;
using Ball.Link.Messages;
using Ball.Link.Peers;
using Ball.Link.RawFrames;
using Ball.Link.Signaling;
using Microsoft.Extensions.Logging.Abstractions;

namespace Loop.Tests.Support;

/// <summary>A client within the test: looks at each frame's size, and at where the ball is in a gray one.</summary>
internal sealed class Viewer : IAsyncDisposable
{
    private const int Bright = 128;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Sighting> _sightings = [];
    private readonly ReceivingSession _session;
    private readonly Task _running;
    private long _bytes;

    private Viewer(ISignaling signaling)
    {
        _session = new ReceivingSession(
            signaling, new PeerOptions { Role = PeerRole.Answer }, MessageTemplate.Plain, TimeProvider.System,
            NullLogger.Instance);
        _session.FrameReceived += frame => Interlocked.Add(ref _bytes, frame.AccessUnit.Length);
        _session.RawFrameReceived += (frame, _) => Look(frame);
        _running = _session.RunAsync(_stop.Token);
    }

    /// <summary>Watches a server, until so many frames have come.</summary>
    public static async Task<Viewer> WatchAsync(int port, int frames)
    {
        var viewer = new Viewer(await TcpSignalingConnector.ConnectAsync("127.0.0.1", port, Running.Patience));
        for (var watch = Stopwatch.StartNew(); viewer._session.Received < frames; await Task.Delay(20))
            Assert.True(watch.Elapsed < Running.Patience, $"only {viewer._session.Received} of {frames} frames came");
        return viewer;
    }

    /// <summary>Encoded bytes a frame.</summary>
    public double BytesPerFrame => Interlocked.Read(ref _bytes) / (double)_session.Received;

    /// <summary>The ball's way between any two frames in a row, as its angle to the walls: 0 to 90 degrees.</summary>
    public double[] Angles()
    {
        lock (_sightings)
        {
            return
            [
                .. _sightings.Zip(_sightings.Skip(1)).Where(pair => pair.Second.Frame == pair.First.Frame + 1)
                    .Select(pair => double.RadiansToDegrees(
                        Math.Atan2(Math.Abs(pair.Second.Y - pair.First.Y), Math.Abs(pair.Second.X - pair.First.X)))),
            ];
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Running.Patience);
        await _session.DisposeAsync();
        _stop.Dispose();
    }

    private void Look(RawFrame frame)
    {
        var layout = frame.Header.Layout;
        var (weight, x, y) = (0.0, 0.0, 0.0);
        for (var row = 0; row < layout.Height; row++)
        {
            var pixels = frame.Pixels.Slice(row * layout.Stride, layout.Width);
            for (var column = 0; column < layout.Width; column++)
            {
                if (pixels[column] < Bright)
                    continue;
                weight++;
                x += column;
                y += row;
            }
        }
        lock (_sightings)
            _sightings.Add(new Sighting(frame.Header.Frame, x / weight, y / weight));
    }

    private readonly record struct Sighting(long Frame, double X, double Y);
}
