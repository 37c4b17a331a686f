namespace OpenCvSharp;

/// <summary>How a window is made.</summary>
[Flags]
public enum WindowFlags
{
    Normal = 0x00000000,
    AutoSize = 0x00000001,
    FullScreen = 1,
    KeepRatio = 0x00000000,
    GuiExpanded = 0x00000000,
    GuiNormal = 0x00000010,
    FreeRatio = 0x00000100,
}
