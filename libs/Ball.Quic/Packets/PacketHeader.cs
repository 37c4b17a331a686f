namespace Ball.Quic.Packets;

/// <summary>The part of a packet that can be read without keys (RFC 9000, section 17; RFC 8999).</summary>
readonly ref struct PacketHeader
{
    /// <summary>The length of the ids that this side hands out.</summary>
    public const int LocalIdLength = 8;

    public PacketType Type { get; private init; }

    public uint Version { get; private init; }

    public ConnectionId Destination { get; private init; }

    public ConnectionId Source { get; private init; }

    public ReadOnlySpan<byte> Token { get; private init; }

    /// <summary>Where the packet number begins.</summary>
    public int NumberOffset { get; private init; }

    /// <summary>The packet's bytes in the datagram, header included; another one may follow.</summary>
    public int Length { get; private init; }

    /// <summary>Reads the header of the first packet in what is left of a datagram; false for what is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out PacketHeader header)
    {
        header = default;
        if (datagram.IsEmpty)
            return false;
        return (datagram[0] & 0x80) != 0 ? TryReadLong(datagram, out header) : TryReadShort(datagram, out header);
    }

    private static bool TryReadShort(ReadOnlySpan<byte> datagram, out PacketHeader header)
    {
        header = default;
        if ((datagram[0] & 0x40) == 0 || datagram.Length < 1 + LocalIdLength)
            return false;
        header = new PacketHeader
        {
            Type = PacketType.OneRtt,
            Version = QuicVersion.One,
            Destination = new ConnectionId(datagram.Slice(1, LocalIdLength)),
            NumberOffset = 1 + LocalIdLength,
            Length = datagram.Length
        };
        return true;
    }

    private static bool TryReadLong(ReadOnlySpan<byte> datagram, out PacketHeader header)
    {
        header = default;
        var reader = new WireReader(datagram[1..]);
        if (!reader.TryReadUInt32(out uint version)
            || !reader.TryReadShortBytes(out var destination) || !reader.TryReadShortBytes(out var source))
            return false;

        if (destination.Length > ConnectionId.MaxLength || source.Length > ConnectionId.MaxLength)
            return false;

        // Of other versions only this much is known.
        if (version != QuicVersion.One)
        {
            header = new PacketHeader
            {
                Type = PacketType.VersionNegotiation,
                Version = version,
                Destination = new ConnectionId(destination),
                Source = new ConnectionId(source),
                NumberOffset = datagram.Length - reader.Remaining,
                Length = datagram.Length
            };
            return true;
        }

        if ((datagram[0] & 0x40) == 0)
            return false;

        var type = (PacketType)((datagram[0] >> 4) & 3);
        ReadOnlySpan<byte> token = default;
        int length = datagram.Length;
        if (type == PacketType.Retry)
        {
            token = reader.Rest;
        }
        else
        {
            if (type == PacketType.Initial
                && !(reader.TryReadVarInt(out long tokenLength) && reader.TryReadBytes(tokenLength, out token)))
                return false;
            if (!reader.TryReadVarInt(out long rest) || rest > reader.Remaining)
                return false;
            length = datagram.Length - reader.Remaining + (int)rest;
        }

        header = new PacketHeader
        {
            Type = type,
            Version = version,
            Destination = new ConnectionId(destination),
            Source = new ConnectionId(source),
            Token = token,
            NumberOffset = datagram.Length - reader.Remaining,
            Length = length
        };
        return true;
    }
}
