using Ball.Pictures;

namespace Ball.Vision;

/// <summary>
/// Finds the ball in a picture. A finder may remember earlier pictures of the same stream; it is not thread-safe.
/// </summary>
public interface IBallFinder : IDisposable
{
    /// <summary>
    /// Where the ball is, or <see cref="Sighting.None"/>. Takes any <see cref="PixelFormat"/> and any size, changing at will.
    /// </summary>
    Sighting Find(PictureView picture);
}
