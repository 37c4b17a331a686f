namespace Ball.World;

/// <summary>What happens at a wall.</summary>
public enum BounceMode
{
    /// <summary>Reflection: the angle out is the angle in.</summary>
    Fixed,

    /// <summary>A new direction, drawn from the seed; the speed stays.</summary>
    Random,
}
