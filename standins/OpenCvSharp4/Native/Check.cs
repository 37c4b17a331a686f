using System.Runtime.CompilerServices;

namespace OpenCvSharp;

/// <summary>
/// Every argument is checked before it goes to OpenCV: its C API reports a bad one by a C++ exception, which .NET cannot
/// catch and which would end the process.
/// </summary>
internal static class Check
{
    public static void That(bool holds, string otherwise)
    {
        if (!holds)
            throw new OpenCvSharpException(otherwise);
    }

    public static void That(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Complaint otherwise)
    {
        if (!holds)
            throw new OpenCvSharpException(otherwise.Text);
    }

    /// <summary>The Mat that an operation reads: alive and with pixels in it.</summary>
    public static Mat Source(InputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return Filled(array.GetMat());
    }

    /// <summary>The Mat that an operation draws into.</summary>
    public static Mat Canvas(InputOutputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        var mat = Filled(array.GetMat());
        That(mat.Channels() <= 4, $"Nothing can be drawn into {mat}: it has more than four channels.");
        return mat;
    }

    /// <summary>The Mat that an operation writes, alive; it may still be empty.</summary>
    public static Mat Target(OutputArray array)
    {
        ArgumentNullException.ThrowIfNull(array);
        var mat = array.GetMat();
        ObjectDisposedException.ThrowIf(mat.IsDisposed, mat);
        return mat;
    }

    public static void Finite(double value, string name)
    {
        if (!double.IsFinite(value))
            throw new OpenCvSharpException($"{name} is {value}.");
    }

    /// <summary>How to draw; OpenCV's own limits.</summary>
    public static void Stroke(int thickness, LineTypes lineType, int shift)
    {
        That(thickness <= short.MaxValue, $"A line is at most {short.MaxValue} thick, not {thickness}.");
        That(lineType is LineTypes.Link4 or LineTypes.Link8 or LineTypes.AntiAlias, $"There is no line type {lineType}.");
        That(shift is >= 0 and <= 16, $"A shift is 0 to 16, not {shift}.");
    }

    private static Mat Filled(Mat mat)
    {
        ObjectDisposedException.ThrowIf(mat.IsDisposed, mat);
        That(!mat.Empty(), "The Mat is empty.");
        return mat;
    }
}
