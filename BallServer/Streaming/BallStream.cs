using System.Security.Cryptography;
using Ball.Link.Peers;
using Ball.Link.RawFrames;
using Ball.Media;
using Ball.Pictures;
using Ball.World;

namespace BallServer.Streaming;

/// <summary>
/// Paints frame after frame, encodes each once however many watch, and tells all watchers. What nobody wants is not done.
/// Settings change between two frames.
/// </summary>
internal sealed class BallStream : IDisposable
{
    private readonly Lock _changing = new();
    private readonly Canvas _video = new(PixelFormat.I420);
    private readonly Canvas _raw;
    private readonly RawFrameMessages _rawMessages;
    private readonly H264Encoder _encoder;
    private readonly FrameWorker _worker;
    private volatile StreamSettings _settings;
    private IFrameSink[] _sinks = [];
    private long _encoded;
    private int _ceiling = int.MaxValue;

    /// <param name="rawFormat">The pixel format of raw frames.</param>
    /// <param name="maxMessage">The longest message for raw frames.</param>
    public BallStream(
        StreamSettings settings, PixelFormat rawFormat = PixelFormat.Gray8, int maxMessage = RawFrameMessages.DefaultMaxMessage)
    {
        _settings = settings.Problem is { } problem ? throw new ArgumentException(problem) : settings;
        World = new World(settings.World, MonotonicClock.Now);
        _raw = new Canvas(rawFormat);
        _rawMessages = new RawFrameMessages(maxMessage);
        _encoder = new H264Encoder(new H264EncoderOptions { Bitrate = settings.Bitrate, FrameRate = settings.Fps });
        // A first timestamp that nobody can guess, as RTP wants it.
        var first = BitConverter.ToUInt32(RandomNumberGenerator.GetBytes(4));
        _worker = new FrameWorker(new FrameRate(settings.Fps), MonotonicClock.Instance, OnFrame, first);
    }

    /// <summary>The truth.</summary>
    public World World { get; }

    /// <summary>Fails when frames can no longer be made.</summary>
    public Task Completion => _worker.Completion;

    public StreamSettings Settings => _settings;

    /// <summary>Why the pictures of now cannot be had as video, in one line, or null.</summary>
    public string? VideoProblem => Canvas.LayoutOf(_settings.World, PixelFormat.I420) is var layout
        ? H264Encoder.ProblemWith(layout.Width, layout.Height)
        : null;

    /// <summary>What was made so far; frames and time are of one moment.</summary>
    public StreamCounts Counts
    {
        get
        {
            // Read before what follows it, so that no frame is encoded that was not painted.
            var encoded = Interlocked.Read(ref _encoded);
            var made = _worker.Progress;
            return new StreamCounts(made.Shown, encoded, made.Dropped, made.Time);
        }
    }

    /// <summary>Called with each frame's instants: (frame, painted, encoded). For telemetry.</summary>
    public event FrameTimesHandler? FrameMade;

    public void Start() => _worker.Start();

    /// <exception cref="ArgumentException">The settings make no sense; the message says why.</exception>
    public void Change(StreamSettings settings)
    {
        if (settings.Problem is { } problem)
            throw new ArgumentException(problem);
        lock (_changing)
        {
            _settings = settings;
            World.Change(settings.World, MonotonicClock.Now);
            _worker.Rate = new FrameRate(settings.Fps);
            _encoder.SetFrameRate(settings.Fps);
            AimEncoder();
        }
    }

    /// <summary>The narrowest peer's estimate of its way, in bits a second: the encoder stays below it.</summary>
    public void Limit(int bitrate)
    {
        lock (_changing)
        {
            _ceiling = bitrate;
            AimEncoder();
        }
    }

    public void RequestKeyframe() => _encoder.RequestKeyframe();

    public void Add(IFrameSink sink)
    {
        lock (_changing)
            Volatile.Write(ref _sinks, [.. _sinks, sink]);
    }

    public void Remove(IFrameSink sink)
    {
        lock (_changing)
            Volatile.Write(ref _sinks, [.. _sinks.Where(other => other != sink)]);
    }

    public void Dispose()
    {
        _worker.Dispose();
        _encoder.Dispose();
    }

    private void AimEncoder() => _encoder.SetBitrate(Math.Min(_settings.Bitrate, _ceiling));

    private void OnFrame(FrameStamp stamp)
    {
        var sinks = Volatile.Read(ref _sinks);
        var (wantsVideo, wantsRaw) = Wanted(sinks);
        var truth = World.At(stamp.Nanoseconds);
        var options = World.OptionsAt(stamp.Nanoseconds);

        if (wantsRaw)
            _rawMessages.Cut(stamp.Number, stamp.RtpTimestamp, stamp.Nanoseconds, _raw.Paint(options, truth));
        var picture = wantsVideo ? _video.Paint(options, truth) : default;
        var paintedAt = MonotonicClock.Now;
        var video = wantsVideo ? Encode(stamp, picture) : null;
        var encodedAt = wantsVideo ? MonotonicClock.Now : 0;
        FrameMade?.Invoke(stamp, paintedAt, encodedAt);

        var frame = new PaintedFrame
        {
            Stamp = stamp, Truth = truth, PaintedAt = paintedAt, EncodedAt = encodedAt, Video = video,
            Raw = wantsRaw ? _rawMessages : null,
        };
        foreach (var sink in sinks)
            sink.Take(frame);
    }

    private EncodedFrame Encode(FrameStamp stamp, PictureView picture)
    {
        // WebRTC's API takes an array of the exact length: one a frame, shared by all peers.
        var accessUnit = _encoder.Encode(picture, stamp.Nanoseconds / 1_000_000).ToArray();
        Interlocked.Increment(ref _encoded);
        var untilNext = FrameStamp.RtpTicks((long)(1e9 / _settings.Fps));
        return new EncodedFrame(accessUnit, _encoder.IsKeyframe, stamp.Number, stamp.RtpTimestamp, untilNext);
    }

    private static (bool Video, bool Raw) Wanted(IFrameSink[] sinks)
    {
        var (video, raw) = (false, false);
        foreach (var sink in sinks)
        {
            video |= sink.Wants == FrameKind.Video;
            raw |= sink.Wants == FrameKind.Raw;
        }
        return (video, raw);
    }
}
