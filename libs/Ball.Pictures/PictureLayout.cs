namespace Ball.Pictures;

/// <summary>
/// The shape of a picture in one block of memory. For I420 <see cref="Stride"/> is that of the luma plane; the chroma planes
/// follow it directly, each with half the stride and half the height.
/// </summary>
/// <remarks>Everywhere in this project the centre of the top left pixel is (0, 0), as in OpenCV.</remarks>
public readonly record struct PictureLayout(int Width, int Height, int Stride, PixelFormat Format)
{
    /// <summary>The largest side that is accepted from anybody.</summary>
    public const int MaxSide = 8192;

    /// <summary>The layout without padding.</summary>
    public static PictureLayout Packed(int width, int height, PixelFormat format) =>
        new(width, height, format == PixelFormat.Bgr24 ? width * 3 : width, format);

    /// <summary>How many bytes the whole picture takes.</summary>
    public int ByteCount => Format == PixelFormat.I420 ? Stride * Height * 3 / 2 : Stride * Height;

    /// <summary>Whether sizes, stride and format fit together; false for anything a hostile peer might invent.</summary>
    public bool IsValid =>
        Width is > 0 and <= MaxSide && Height is > 0 and <= MaxSide && Stride <= MaxSide * 4
        && Format switch
        {
            PixelFormat.I420 => Width % 2 == 0 && Height % 2 == 0 && Stride % 2 == 0 && Stride >= Width,
            PixelFormat.Bgr24 => Stride >= Width * 3,
            PixelFormat.Gray8 => Stride >= Width,
            _ => false,
        };
}
