using System.Security.Cryptography;
using Ball.Quic.Connections;
using Ball.Quic.Crypto;
using Ball.Quic.Packets;

namespace Ball.Quic.Endpoint;

/// <summary>Datagrams that a server sends without a connection. Each is smaller than what it answers, or nearly so.</summary>
static class StatelessAnswers
{
    private const int SmallestReset = 21, LargestReset = 42;

    public static int VersionNegotiation(Span<byte> target, in PacketHeader header)
    {
        var writer = new WireWriter(target);
        writer.WriteByte((byte)(0x80 | RandomNumberGenerator.GetInt32(0x80)));
        writer.WriteUInt32(0);
        writer.WriteId(header.Source);
        writer.WriteId(header.Destination);
        writer.WriteUInt32(QuicVersion.One);

        // A version that nobody knows keeps clients honest (RFC 9000, section 6.3).
        writer.WriteUInt32(0x1a2a3a4a);
        return writer.Length;
    }

    public static int Retry(Span<byte> target, in PacketHeader header, ReadOnlySpan<byte> token)
    {
        var writer = new WireWriter(target);
        writer.WriteByte(0xf0);
        writer.WriteUInt32(QuicVersion.One);
        writer.WriteId(header.Source);
        writer.WriteId(ConnectionId.Random(PacketHeader.LocalIdLength));
        writer.WriteBytes(token);
        RetryTag.Compute(header.Destination, target[..writer.Length], target.Slice(writer.Length, RetryTag.Length));
        return writer.Length + RetryTag.Length;
    }

    /// <summary>Looks like any packet, and ends with the token; 0 when the datagram was too small to be answered.</summary>
    public static int Reset(Span<byte> target, int answered, ReadOnlySpan<byte> token)
    {
        int length = Math.Min(LargestReset, answered - 1);
        if (length < SmallestReset)
            return 0;
        RandomNumberGenerator.Fill(target[..length]);
        target[0] = (byte)(0x40 | (target[0] & 0x3f));
        token.CopyTo(target[(length - token.Length)..]);
        return length;
    }
}
