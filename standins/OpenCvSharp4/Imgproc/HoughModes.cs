namespace OpenCvSharp;

/// <summary>Ways to find circles and lines.</summary>
public enum HoughModes
{
    Standard = 0,
    Probabilistic = 1,
    MultiScale = 2,
    Gradient = 3,
    GradientAlt = 4,
}
