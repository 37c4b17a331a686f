namespace OpenCvSharp;

/// <summary>What a filter sees beyond the picture's edge.</summary>
public enum BorderTypes
{
    Constant = 0,
    Replicate = 1,
    Reflect = 2,
    Wrap = 3,
    Reflect101 = 4,
    Default = Reflect101,
}
