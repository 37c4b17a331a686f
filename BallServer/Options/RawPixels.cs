namespace BallServer.Options;

/// <summary>The pixels of raw frames.</summary>
internal enum RawPixels
{
    Gray,
    Bgr,
}
