namespace Ball.Media;

/// <summary>OpenH264 is not on this machine, or not in a version this program knows. The message says what to do.</summary>
public sealed class OpenH264MissingException : Exception
{
    internal const string Advice = "H.264 needs OpenH264: apt-get install libopenh264-7 (or ./ball setup)";

    public OpenH264MissingException(string? reason = null, Exception? inner = null)
        : base(reason is null ? Advice : $"{Advice}; {reason}", inner)
    {
    }
}
