namespace BallServer.Scoring;

/// <summary>Where the ball is at an instant of the server's monotonic clock, in nanoseconds.</summary>
internal delegate (double X, double Y) TruthAt(long nanoseconds);
