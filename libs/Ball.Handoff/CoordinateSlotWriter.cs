using Ball.Measuring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ball.Handoff;

/// <summary>The detector's end of the coordinate slot: publishes the newest coordinate and never waits for anybody.</summary>
public sealed class CoordinateSlotWriter : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly string _path;
    private readonly byte[] _encoded;
    private readonly ILogger _log;
    private readonly PathClaim _claim;
    private readonly long _startedAt;
    private readonly Lock _gate = new();
    private SlotFile _file;
    private bool _disposed;

    private CoordinateSlotWriter(string path, PathClaim claim, ILogger log, TimeProvider time)
    {
        _path = path;
        _encoded = Libc.Encode(path);
        _claim = claim;
        _log = log;
        _startedAt = time.Nanoseconds();
        _file = SlotFile.Open(path, _encoded, canWrite: true) ?? SlotFile.Create(path, _encoded);
        _file.TakeOver(_startedAt);
    }

    /// <summary>Takes the slot over from a dead writer, or makes it.</summary>
    /// <exception cref="HandoffException">The path cannot be used, or another process writes there.</exception>
    public static CoordinateSlotWriter Open(string path, ILogger? log = null, TimeProvider? time = null)
    {
        HandoffPaths.PrepareSlot(path);
        var claim = PathClaim.Take(path, "slot", s_patience);
        try
        {
            return new CoordinateSlotWriter(path, claim, log ?? NullLogger.Instance, time ?? TimeProvider.System);
        }
        catch (Exception e)
        {
            claim.Dispose();
            if (e is HandoffException or not (IOException or UnauthorizedAccessException))
                throw;
            throw new HandoffException($"The slot {path} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Makes a coordinate the newest one and wakes who waits for it.</summary>
    /// <exception cref="IOException">The file was taken away and cannot be made again.</exception>
    public void Publish(in Coordinate coordinate)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_file.IsThere)
                MakeAgain();
            _file.Write(coordinate);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
            // The file stays: readers keep their mapping for the next writer.
            _file.Dispose();
            _claim.Dispose();
        }
    }

    private void MakeAgain()
    {
        _log.LogWarning("The slot {Path} was replaced or truncated by somebody else: made again", _path);
        var again = SlotFile.Create(_path, _encoded);
        _file.Dispose();
        _file = again;
        _file.TakeOver(_startedAt);
    }
}
