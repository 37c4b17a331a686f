namespace OpenCvSharp;

/// <summary>What a colour conversion takes and gives; OpenCV asserts all of this.</summary>
internal readonly record struct ColorConversion(int SourceChannels, int TargetChannels, ColorConversion.Depths Allowed,
    ColorConversion.Planes Layout = ColorConversion.Planes.Packed)
{
    public static ColorConversion Of(ColorConversionCodes code) => (int)code switch
    {
        0 or 2 => new(3, 4, Depths.Most),
        1 or 3 => new(4, 3, Depths.Most),
        4 => new(3, 3, Depths.Most),
        5 => new(4, 4, Depths.Most),
        6 or 7 => new(3, 1, Depths.Most),
        8 => new(1, 3, Depths.Most),
        9 => new(1, 4, Depths.Most),
        10 or 11 => new(4, 1, Depths.Most),
        >= 36 and <= 39 => new(3, 3, Depths.Most),
        40 or 41 or 44 or 45 or (>= 54 and <= 57) => new(3, 3, Depths.BytesAndFloats),
        >= 82 and <= 85 => new(3, 3, Depths.Most),
        100 or 101 => new(1, 3, Depths.Bytes, Planes.FromPlanar),
        106 => new(1, 1, Depths.Bytes, Planes.FromPlanar),
        127 or 128 => new(3, 1, Depths.Bytes, Planes.ToPlanar),
        _ => throw new OpenCvSharpException($"CvtColor does not do {code}."),
    };

    /// <summary>Rows of the result for so many rows of source.</summary>
    public int TargetRows(int rows) => Layout switch
    {
        Planes.FromPlanar => rows * 2 / 3,
        Planes.ToPlanar => rows * 3 / 2,
        _ => rows,
    };

    public void CheckSource(Mat source, ColorConversionCodes code)
    {
        Check.That(source.Channels() == SourceChannels, $"{code} takes {SourceChannels} channels, here is {source}.");
        var depth = source.Depth();
        var depthFits = depth == MatType.CV_8U
            || (depth == MatType.CV_32F && Allowed != Depths.Bytes)
            || (depth == MatType.CV_16U && Allowed == Depths.Most);
        Check.That(depthFits, $"{code} does not take the depth of {source}.");
        if (Layout == Planes.FromPlanar)
            Check.That(source.Cols % 2 == 0 && source.Rows % 3 == 0 && source.Rows * 2 / 3 % 2 == 0,
                $"{source} is no 4:2:0 picture.");
        if (Layout == Planes.ToPlanar)
            Check.That(source.Cols % 2 == 0 && source.Rows % 2 == 0, $"{source} has no even size, as 4:2:0 needs.");
    }

    internal enum Depths
    {
        Bytes,
        BytesAndFloats,
        Most,
    }

    internal enum Planes
    {
        Packed,
        FromPlanar,
        ToPlanar,
    }
}
