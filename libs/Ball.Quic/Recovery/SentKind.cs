namespace Ball.Quic.Recovery;

/// <summary>What a sent packet carried that matters when it is acknowledged or lost.</summary>
enum SentKind : byte
{
    Ack,
    Crypto,
    Stream,
    StreamWithFin,
    ResetStream,
    StopSending,
    MaxData,
    MaxStreamData,
    MaxStreamsBidi,
    MaxStreamsUni,
    NewConnectionId,
    RetireConnectionId,
    HandshakeDone
}
