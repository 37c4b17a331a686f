namespace Ball.Vision.Centroid;

/// <summary>A pixel weighs nothing up to <paramref name="Low"/>, and <paramref name="Range"/> more and above.</summary>
/// <param name="Dark">The ball is darker than the background: turn brightness around first.</param>
internal readonly record struct Ramp(byte Low, byte Range, bool Dark);
