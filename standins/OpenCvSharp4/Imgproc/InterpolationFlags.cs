namespace OpenCvSharp;

/// <summary>How a picture is brought to another size.</summary>
public enum InterpolationFlags
{
    Nearest = 0,
    Linear = 1,
    Cubic = 2,
    Area = 3,
    Lanczos4 = 4,
}
