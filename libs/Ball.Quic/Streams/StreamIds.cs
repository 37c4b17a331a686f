namespace Ball.Quic.Streams;

/// <summary>A stream id holds who opened it and whether both may send (RFC 9000, section 2.1).</summary>
static class StreamIds
{
    public static long Make(long index, bool byServer, bool uni) => (index << 2) | (uni ? 2L : 0) | (byServer ? 1L : 0);

    public static long IndexOf(long id) => id >> 2;
}
