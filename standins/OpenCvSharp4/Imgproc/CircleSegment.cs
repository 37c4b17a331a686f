namespace OpenCvSharp;

/// <summary>A circle as <see cref="Cv2.HoughCircles"/> finds it.</summary>
public struct CircleSegment(Point2f center, float radius) : IEquatable<CircleSegment>
{
    public Point2f Center = center;
    public float Radius = radius;

    public readonly bool Equals(CircleSegment other) => Center == other.Center && Radius.Equals(other.Radius);

    public override readonly bool Equals(object? obj) => obj is CircleSegment other && Equals(other);

    public override readonly int GetHashCode() => HashCode.Combine(Center, Radius);

    public override readonly string ToString() => $"CircleSegment (Center:{Center}, Radius:{Radius})";

    public static bool operator ==(CircleSegment lhs, CircleSegment rhs) => lhs.Equals(rhs);

    public static bool operator !=(CircleSegment lhs, CircleSegment rhs) => !lhs.Equals(rhs);
}
