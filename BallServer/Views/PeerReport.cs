using Ball.Link.Messages;
using Ball.Measuring;
using Ball.World;

namespace BallServer.Views;

/// <summary>What there is to say of one peer at one moment.</summary>
internal sealed record PeerReport(string Name, bool IsConnected)
{
    /// <summary>In a word.</summary>
    public string State => IsConnected ? "connected" : "connecting";

    /// <summary>Coordinates scored a second, lately.</summary>
    public double Rate { get; init; }

    /// <summary>What the peer reported last, and where the ball was in that frame.</summary>
    public BallPosition? Reported { get; init; }

    public BallPosition? Truth { get; init; }

    /// <summary>Same frame, in pixels, of the last sample and on average.</summary>
    public double? Error { get; init; }

    public double? MeanError { get; init; }

    /// <summary>Against the truth of the moment it came, in pixels.</summary>
    public double? RealtimeError { get; init; }

    /// <summary>Sum of |dx| + |dy|, the k-th message against the k-th frame.</summary>
    public double InOrderTotal { get; init; }

    public Percentiles? Latency { get; init; }

    public long Samples { get; init; }

    public long Unmatched { get; init; }

    public ClockReading Clock { get; init; }
}
