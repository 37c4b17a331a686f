using System.IO.Pipes;
using Ball.Pictures;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Handoff;

/// <summary>
/// The detector's end of the frame pipe. It waits for the client, comes back when the client comes back, and hands out the
/// newest frame each time. One thread reads; any thread may stop it.
/// </summary>
public sealed class FramePipeReader : IDisposable
{
    private static readonly TimeSpan s_firstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_longestPause = TimeSpan.FromMilliseconds(100);

    private readonly string _path;
    private readonly ILogger _log;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Lock _gate = new();
    private NamedPipeClientStream? _pipe;
    private byte[] _pixels = [];
    private TimeSpan _pause = s_firstPause;
    private string? _lastTrouble;
    private long _connections;
    private long _malformed;

    /// <exception cref="HandoffException">There can be no pipe at this path.</exception>
    public FramePipeReader(string path, ILogger? log = null)
    {
        HandoffPaths.PreparePipe(path);
        _path = path;
        _log = log ?? NullLogger.Instance;
    }

    /// <summary>How often a client was found.</summary>
    public long Connections => Volatile.Read(ref _connections);

    /// <summary>How many connections were dropped because what came was no frame.</summary>
    public long Malformed => Volatile.Read(ref _malformed);

    /// <summary>Whether a client is connected.</summary>
    public bool IsConnected => Volatile.Read(ref _pipe) is not null;

    /// <summary>Waits for the next frame, however long that takes. The picture is valid until the next call.</summary>
    /// <returns>False when stopped, and only then.</returns>
    public bool Read(out FrameHeader header, out PictureView picture)
    {
        while (!_stop.IsSet)
        {
            if ((_pipe ?? Connect()) is not { } pipe)
                break;
            try
            {
                if (ReadFrame(pipe, out header))
                {
                    picture = new PictureView(_pixels, header.Layout);
                    _pause = s_firstPause;
                    _lastTrouble = null;
                    return true;
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The client is gone, or we are being stopped; the loop finds out which.
            }
            LetGo();
            // Whoever answers with anything but frames is asked again, but not a thousand times a second.
            _stop.Wait(_pause);
            _pause = Longer(_pause);
        }
        header = default;
        picture = default;
        return false;
    }

    /// <summary>Makes <see cref="Read"/> return false, now and from now on.</summary>
    public void Stop()
    {
        _stop.Set();
        LetGo();
    }

    public void Dispose() => Stop();

    private bool ReadFrame(NamedPipeClientStream pipe, out FrameHeader header)
    {
        Span<byte> bytes = stackalloc byte[FrameHeader.Size];
        bytes[0] = FrameHeader.Version;
        pipe.Write(bytes[..1]);
        header = default;
        var got = pipe.ReadAtLeast(bytes, FrameHeader.Size, throwOnEndOfStream: false);
        if (got == 0)
        {
            Say(LogLevel.Information, "the client has left; waiting for the next");
            return false;
        }
        var fault = FrameHeader.Read(bytes[..got], out header);
        if (fault != HeaderFault.None)
        {
            Interlocked.Increment(ref _malformed);
            Say(LogLevel.Warning, $"what came is no frame ({fault}): connection dropped");
            return false;
        }
        var length = header.Layout.ByteCount;
        if (_pixels.Length < length)
            _pixels = GC.AllocateUninitializedArray<byte>(length, pinned: true);
        return pipe.ReadAtLeast(_pixels.AsSpan(0, length), length, throwOnEndOfStream: false) == length;
    }

    private NamedPipeClientStream? Connect()
    {
        var pause = s_firstPause;
        while (!_stop.IsSet)
        {
            // .NET's own waiting would throw and catch a thousand exceptions a second.
            if (File.Exists(_path) && TryConnect() is { } pipe)
                return pipe;
            _stop.Wait(pause);
            pause = Longer(pause);
        }
        return null;
    }

    private NamedPipeClientStream? TryConnect()
    {
        var pipe = new NamedPipeClientStream(".", _path, PipeDirection.InOut, PipeOptions.CurrentUserOnly);
        try
        {
            pipe.Connect(0);
        }
        catch (Exception e) when (e is IOException or TimeoutException or UnauthorizedAccessException)
        {
            pipe.Dispose();
            // A time-out is a client that has died and left its socket; the next one takes it over.
            if (e is not TimeoutException)
                Say(LogLevel.Warning, $"it cannot be opened ({e.Message}); trying on");
            return null;
        }
        lock (_gate)
        {
            if (_stop.IsSet)
            {
                pipe.Dispose();
                return null;
            }
            Volatile.Write(ref _pipe, pipe);
        }
        Interlocked.Increment(ref _connections);
        _log.LogInformation("Connected to the frame pipe {Path}", _path);
        return pipe;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < s_longestPause ? pause * 2 : s_longestPause;

    /// <summary>One line for each new trouble, however often it repeats.</summary>
    private void Say(LogLevel level, string trouble)
    {
        if (_stop.IsSet || trouble == _lastTrouble)
            return;
        _lastTrouble = trouble;
        _log.Log(level, "Frame pipe {Path}: {Trouble}", _path, trouble);
    }

    private void LetGo()
    {
        lock (_gate)
        {
            _pipe?.Dispose();
            Volatile.Write(ref _pipe, null);
        }
    }
}
