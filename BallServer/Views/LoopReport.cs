using Ball.World;
using BallServer.Streaming;

namespace BallServer.Views;

/// <summary>What there is to say of the whole loop at one moment.</summary>
internal sealed record LoopReport(
    TimeSpan Running, StreamSettings Settings, StreamCounts Frames, BallPosition Truth, IReadOnlyList<PeerReport> Peers)
{
    /// <summary>Where peers find the server, in words.</summary>
    public string Where { get; init; } = "";

    /// <summary>Frames painted a second, lately.</summary>
    public double Fps { get; init; }
}
