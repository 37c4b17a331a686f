using System.IO.Pipes;
using Ball.Measuring;
using Ball.Pictures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Handoff;

/// <summary>
/// The client's end of the frame pipe. It is the server end, so that detectors can come and go. Offering a frame never waits for
/// a detector: the newest frame replaces one that no detector has asked for yet.
/// </summary>
/// <remarks>
/// The detector asks for each frame with one byte, and gets the newest there is at that moment. Without asking, a slow detector
/// would always get the frame that has been waiting in the socket's buffer since it got the one before.
/// </remarks>
public sealed class FramePipeWriter : IDisposable
{
    private const int SocketBuffer = 2 * 1024 * 1024;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly PathClaim _claim;
    private readonly NamedPipeServerStream _pipe;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private readonly object _gate = new();
    private FrameBuffer _waiting = new();
    private FrameBuffer _leaving = new();
    private bool _hasWaiting;
    private bool _hasDetector;
    private bool _stopped;
    private long _offered;
    private long _written;
    private long _replaced;
    private long _unwanted;
    private long _detectors;

    private FramePipeWriter(string path, PathClaim claim, ILogger log, TimeProvider time)
    {
        _path = path;
        _claim = claim;
        _log = log;
        _time = time;
        // Blocking reads and writes on a thread of its own: two thread switches less per frame than asynchronous ones.
        _pipe = new NamedPipeServerStream(
            path, PipeDirection.InOut, 1, PipeTransmissionMode.Byte, PipeOptions.CurrentUserOnly, 0, SocketBuffer);
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(path, HandoffPaths.OwnerOnly);
            _thread = new Thread(Serve) { IsBackground = true, Name = "frame pipe" };
            _thread.Start();
        }
        catch
        {
            _pipe.Dispose();
            throw;
        }
    }

    /// <summary>Opens the pipe for detectors to connect to.</summary>
    /// <exception cref="HandoffException">The path cannot be used, or another process serves there.</exception>
    public static FramePipeWriter Serve(string path, ILogger? log = null, TimeProvider? time = null)
    {
        HandoffPaths.PreparePipe(path);
        var claim = PathClaim.Take(path, "pipe", s_patience);
        try
        {
            RefuseLiveServer(path);
            return new FramePipeWriter(path, claim, log ?? NullLogger.Instance, time ?? TimeProvider.System);
        }
        catch (Exception e)
        {
            claim.Dispose();
            if (e is HandoffException or not (IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException))
                throw;
            throw new HandoffException($"The pipe {path} cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Whether a detector is connected.</summary>
    public bool HasDetector => Volatile.Read(ref _hasDetector);

    public PipeCounts Counts => new(
        Volatile.Read(ref _offered), Volatile.Read(ref _written), Volatile.Read(ref _replaced), Volatile.Read(ref _unwanted),
        Volatile.Read(ref _detectors));

    /// <summary>Hands a frame over: copies it, and returns. Costs next to nothing while there is no detector.</summary>
    public void Offer(in FrameTag tag, PictureView picture)
    {
        if (picture.Layout.ByteCount > FrameHeader.MaxFrameBytes)
            throw new ArgumentException($"{picture.Layout} is larger than a frame may be.", nameof(picture));
        lock (_gate)
        {
            _offered++;
            if (!_hasDetector || _stopped)
            {
                _unwanted++;
                return;
            }
            if (_hasWaiting)
                _replaced++;
            _waiting.Fill(new FrameHeader(tag, _time.Nanoseconds(), picture.Layout), picture.Bytes);
            _hasWaiting = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Waits until the detector has taken what was offered last: for who has several frames at once and would rather have all
    /// of them looked at than only the newest. At once where there is no detector.
    /// </summary>
    /// <returns>False when time was up first: a frame offered now replaces one.</returns>
    public bool WaitForRoom(TimeSpan patience)
    {
        lock (_gate)
        {
            var started = _time.GetTimestamp();
            while (_hasWaiting && !_stopped)
            {
                var left = patience - _time.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    return !_hasWaiting;
            }
            return true;
        }
    }

    public void Dispose()
    {
        bool isServing;
        lock (_gate)
        {
            if (_stopped)
                return;
            _stopped = true;
            isServing = _hasDetector;
            Monitor.PulseAll(_gate);
        }
        _stop.Cancel();
        // A read or a write ends when its pipe is closed under it; .NET's wait for a connection would fail on a null instead.
        if (isServing)
            _pipe.Dispose();
        _thread.Join();
        _pipe.Dispose();
        _stop.Dispose();
        // Last: while a successor may not come in, .NET has removed our socket file and cannot remove its.
        _claim.Dispose();
    }

    private void Serve()
    {
        for (var goesOn = true; goesOn;)
        {
            try
            {
                _pipe.WaitForConnectionAsync(_stop.Token).GetAwaiter().GetResult();
                goesOn = SetDetector(true);
                while (goesOn && AskedForFrame() && TakeWaiting())
                {
                    _pipe.Write(_leaving.Bytes);
                    Interlocked.Increment(ref _written);
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException
                                          or InvalidOperationException or UnauthorizedAccessException)
            {
                if (!_stop.IsCancellationRequested)
                    _log.LogInformation("The detector has left the frame pipe {Path}: {Reason}", _path, e.Message);
            }
            goesOn = SetDetector(false);
            LetGo();
        }
    }

    private bool AskedForFrame()
    {
        Span<byte> request = stackalloc byte[1];
        if (_pipe.Read(request) == 0)
            return false;
        if (request[0] == FrameHeader.Version)
            return true;
        _log.LogWarning("Who connected to the frame pipe {Path} speaks version {Theirs}, not {Ours}: dropped", _path, request[0],
            FrameHeader.Version);
        return false;
    }

    private bool TakeWaiting()
    {
        lock (_gate)
        {
            while (!_hasWaiting && !_stopped)
                Monitor.Wait(_gate);
            if (_stopped)
                return false;
            (_waiting, _leaving) = (_leaving, _waiting);
            _hasWaiting = false;
            Monitor.PulseAll(_gate);
            return true;
        }
    }

    /// <returns>False when this is the end.</returns>
    private bool SetDetector(bool here)
    {
        lock (_gate)
        {
            if (here)
                _detectors++;
            // What waited for a detector that is gone would be old news for the next.
            if (_hasWaiting)
                _unwanted++;
            _hasWaiting = false;
            _hasDetector = here && !_stopped;
            Monitor.PulseAll(_gate);
            return !_stopped;
        }
    }

    private void LetGo()
    {
        try
        {
            if (!_stop.IsCancellationRequested)
                _pipe.Disconnect();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Not connected any more is what was wanted.
        }
    }

    /// <summary>The claim keeps our own kind out; this finds anything else that listens there before its socket is
    /// replaced.</summary>
    private static void RefuseLiveServer(string path)
    {
        if (!File.Exists(path))
            return;
        using var probe = new NamedPipeClientStream(".", path, PipeDirection.InOut);
        try
        {
            probe.Connect(0);
        }
        catch (Exception e) when (e is TimeoutException or IOException or UnauthorizedAccessException)
        {
            return;
        }
        throw new HandoffException($"There would be two writers: another program already serves the pipe {path}; end it or "
            + $"choose another path");
    }
}
