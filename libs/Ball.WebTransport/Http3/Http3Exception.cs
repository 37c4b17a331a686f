namespace Ball.WebTransport.Http3;

/// <summary>The peer broke HTTP/3's rules: the connection closes with this code.</summary>
sealed class Http3Exception(long code, string message) : IOException(message)
{
    public long Code { get; } = code;
}
