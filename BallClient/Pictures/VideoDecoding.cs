using Ball.Link.Peers;
using Ball.Media;

namespace BallClient.Pictures;

/// <summary>
/// Decodes on a thread of its own, so that the network never waits for a picture. H.264 builds on what came before, so no frame
/// may be left out: where decoding cannot keep up, everything waiting is dropped and the sender is asked for a keyframe.
/// </summary>
internal sealed class VideoDecoding : IDisposable
{
    public const int MostWaiting = 30;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly H264Decoder _decoder = new();
    private readonly DecodedHandler _decoded;
    private readonly Action _requestKeyframe;
    private readonly Queue<ReceivedFrame> _queue = new(MostWaiting);
    private readonly object _gate = new();
    private readonly Thread _thread;
    private bool _overrun;
    private bool _stopping;
    private long _dropped;

    /// <param name="decoded">Gets each picture, on the decoding thread; it is valid during the call.</param>
    /// <param name="requestKeyframe">Called again and again while there is no picture to build on; must limit itself.</param>
    public VideoDecoding(DecodedHandler decoded, Action requestKeyframe)
    {
        _decoded = decoded;
        _requestKeyframe = requestKeyframe;
        _thread = new Thread(Run) { Name = "decoding", IsBackground = true, Priority = ThreadPriority.AboveNormal };
        _thread.Start();
    }

    /// <summary>Frames that gave no picture: damaged, or too many at once.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Take(ReceivedFrame frame)
    {
        lock (_gate)
        {
            if (_queue.Count == MostWaiting)
            {
                Interlocked.Add(ref _dropped, _queue.Count);
                _queue.Clear();
                _overrun = true;
            }
            _queue.Enqueue(frame);
            Monitor.Pulse(_gate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
        if (_thread.Join(s_patience))
            _decoder.Dispose();
    }

    private void Run()
    {
        while (TakeNext(out var frame, out var overrun))
        {
            if (overrun)
                _decoder.NoteLoss();
            Decode(frame);
        }
    }

    private bool TakeNext(out ReceivedFrame frame, out bool overrun)
    {
        lock (_gate)
        {
            while (_queue.Count == 0 && !_stopping)
                Monitor.Wait(_gate);
            overrun = _overrun;
            _overrun = false;
            frame = default;
            return !_stopping && _queue.TryDequeue(out frame);
        }
    }

    private void Decode(in ReceivedFrame frame)
    {
        switch (_decoder.Decode(frame.AccessUnit, out var picture))
        {
            case H264DecodeResult.Decoded:
                _decoded(frame.Rtp, frame.ReceivedAt, picture);
                break;
            case H264DecodeResult.Lost:
                Interlocked.Increment(ref _dropped);
                _requestKeyframe();
                break;
        }
    }
}
