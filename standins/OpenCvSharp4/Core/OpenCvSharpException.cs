namespace OpenCvSharp;

/// <summary>An operation that OpenCV cannot do with these arguments, or not on this machine.</summary>
public class OpenCvSharpException : Exception
{
    public OpenCvSharpException()
    {
    }

    public OpenCvSharpException(string message) : base(message)
    {
    }

    public OpenCvSharpException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
