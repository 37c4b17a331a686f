using Ball.Link.Messages;
using BallServer.Scoring;

namespace BallServer.Peers;

/// <summary>Hears of a coordinate message and what it was worth.</summary>
internal delegate void ScoredHandler(in Coordinates message, in Score score);
