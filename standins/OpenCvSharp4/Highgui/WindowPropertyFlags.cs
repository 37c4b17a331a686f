namespace OpenCvSharp;

/// <summary>What can be asked of a window.</summary>
public enum WindowPropertyFlags
{
    Fullscreen = 0,
    AutoSize = 1,
    AspectRatio = 2,
    Visible = 4,
}
