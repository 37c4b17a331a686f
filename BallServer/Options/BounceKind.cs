namespace BallServer.Options;

/// <summary>What the ball does at a wall.</summary>
internal enum BounceKind
{
    Fixed,
    Random,
}
