namespace Ball.Vision.Centroid;

/// <summary>A patch that is not background: where, and how many of its pixels were counted.</summary>
internal readonly record struct Blob(Box Box, int Pixels);
