using Ball.Link.Messages;
using Ball.Link.Peers;
using BallClient.Pictures;

namespace BallClient.Sessions;

/// <summary>What all sessions came to, the one that is still on included. Any thread may ask.</summary>
internal sealed class SessionTally
{
    private readonly Lock _gate = new();
    private ReceivingSession? _session;
    private VideoDecoding? _decoding;
    private int _pastConnected;
    private long _pastUndecodable;
    private long _pastOvertaken;
    private ClockReading _pastClock;

    /// <summary>How many sessions got connected.</summary>
    public int Connected
    {
        get
        {
            lock (_gate)
                return _pastConnected + (IsConnected ? 1 : 0);
        }
    }

    /// <summary>Frames that gave no picture.</summary>
    public long Undecodable
    {
        get
        {
            lock (_gate)
                return _pastUndecodable + (_decoding?.Dropped ?? 0);
        }
    }

    /// <summary>Raw frames of which a part was still missing when a newer one was whole.</summary>
    public long Overtaken
    {
        get
        {
            lock (_gate)
                return _pastOvertaken + (_session?.Dropped ?? 0);
        }
    }

    /// <summary>The server's, as known from the latest session.</summary>
    public ClockReading Clock
    {
        get
        {
            lock (_gate)
                return _session?.Clock is { IsKnown: true } clock ? clock : _pastClock;
        }
    }

    /// <summary>A session begins.</summary>
    public void Begin(ReceivingSession session, VideoDecoding decoding)
    {
        lock (_gate)
            (_session, _decoding) = (session, decoding);
    }

    /// <summary>It is over.</summary>
    public void End()
    {
        lock (_gate)
        {
            (_pastConnected, _pastUndecodable, _pastOvertaken, _pastClock) = (Connected, Undecodable, Overtaken, Clock);
            (_session, _decoding) = (null, null);
        }
    }

    private bool IsConnected => _session?.Connected.IsCompletedSuccessfully == true;
}
