using Ball.Quic.Streams;

namespace Ball.Quic.Connections;

enum ConnectionEventKind
{
    Established,
    StreamOpened,
    StreamReadable,
    StreamWritable,
    StreamsAllowed,
    DatagramArrived,
    Closed
}

/// <summary>Something that the API's side has to know.</summary>
readonly record struct ConnectionEvent(ConnectionEventKind Kind, StreamState? Stream = null);
