namespace Ball.Pictures;

/// <summary>How a picture's bytes are laid out. The values are part of the wire formats: never renumber them.</summary>
public enum PixelFormat : byte
{
    /// <summary>Planar 4:2:0, limited range BT.601: Y, then U, then V. Width and height are even.</summary>
    I420 = 1,

    /// <summary>Three bytes a pixel: blue, green, red.</summary>
    Bgr24 = 2,

    /// <summary>One byte a pixel, full range.</summary>
    Gray8 = 3,
}
