namespace Ball.Quic.Packets;

/// <summary>Packet numbers travel truncated (RFC 9000, appendix A.2 and A.3).</summary>
static class PacketNumber
{
    /// <summary>How many bytes the peer needs to tell this number from others.</summary>
    public static int LengthOf(long number, long largestAcked)
    {
        long distance = number - largestAcked;
        return distance switch
        {
            < 1 << 7 => 1,
            < 1 << 15 => 2,
            < 1 << 23 => 3,
            _ => 4
        };
    }

    public static void Write(Span<byte> target, long number, int length)
    {
        for (int i = length - 1; i >= 0; i--, number >>= 8)
            target[i] = (byte)number;
    }

    public static long Decode(long largestReceived, long truncated, int length)
    {
        long expected = largestReceived + 1;
        long window = 1L << (length * 8);
        long candidate = (expected & ~(window - 1)) | truncated;
        if (candidate <= expected - window / 2 && candidate < VarInt.Max - window)
            return candidate + window;
        if (candidate > expected + window / 2 && candidate >= window)
            return candidate - window;
        return candidate;
    }
}
