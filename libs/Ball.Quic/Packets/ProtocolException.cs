namespace Ball.Quic.Packets;

/// <summary>The peer broke a rule; the connection closes with this error. Thrown once per connection at most.</summary>
sealed class ProtocolException(long code, string message) : Exception(message)
{
    public long Code { get; } = code;
}
