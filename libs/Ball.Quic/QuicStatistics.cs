namespace Ball.Quic;

/// <summary>What a connection has done so far.</summary>
/// <param name="PacketsSent">Packets sent, in all spaces.</param>
/// <param name="PacketsReceived">Packets that were the peer's and new.</param>
/// <param name="PacketsLost">Packets that were given up; some of them may have come after all.</param>
/// <param name="BytesSent">Bytes of datagrams sent.</param>
/// <param name="BytesReceived">Bytes of datagrams received.</param>
/// <param name="KeyUpdates">How often the sending key was renewed.</param>
/// <param name="DatagramsDropped">Datagrams that a full queue made room with, in either direction.</param>
public readonly record struct QuicStatistics(
    long PacketsSent, long PacketsReceived, long PacketsLost, long BytesSent, long BytesReceived, long KeyUpdates,
    long DatagramsDropped)
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{PacketsSent} packets out, {PacketsReceived} in, {PacketsLost} lost, {KeyUpdates} key updates";
}
