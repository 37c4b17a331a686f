namespace Ball.WebTransport.Transport;

/// <summary>The peer gave up a stream.</summary>
sealed class TransportResetException(long code, Exception inner) : IOException(inner.Message, inner)
{
    public long Code { get; } = code;
}
