using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SIPSorcery.Net.Sctp;

/// <summary>
/// All that is known of a peer after its INIT, kept in the peer's own hands until it returns it: an INIT costs no memory.
/// </summary>
internal readonly record struct StateCookie(
    long CreatedAt,
    uint LocalTag,
    uint PeerTag,
    uint LocalTsn,
    uint PeerTsn,
    uint PeerWindow,
    ushort OutgoingStreams,
    ushort IncomingStreams,
    PeerFeatures Features,
    uint TieLocalTag,
    uint TiePeerTag)
{
    private const int BodySize = 44;
    public const int Size = BodySize + HMACSHA256.HashSizeInBytes;

    public void Write(Span<byte> destination, ReadOnlySpan<byte> key)
    {
        BinaryPrimitives.WriteInt64BigEndian(destination, CreatedAt);
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], LocalTag);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], PeerTag);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], LocalTsn);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], PeerTsn);
        BinaryPrimitives.WriteUInt32BigEndian(destination[24..], PeerWindow);
        BinaryPrimitives.WriteUInt16BigEndian(destination[28..], OutgoingStreams);
        BinaryPrimitives.WriteUInt16BigEndian(destination[30..], IncomingStreams);
        BinaryPrimitives.WriteUInt32BigEndian(destination[32..], (uint)Features);
        BinaryPrimitives.WriteUInt32BigEndian(destination[36..], TieLocalTag);
        BinaryPrimitives.WriteUInt32BigEndian(destination[40..], TiePeerTag);
        HMACSHA256.HashData(key, destination[..BodySize], destination.Slice(BodySize, HMACSHA256.HashSizeInBytes));
    }

    /// <summary>Reads a cookie that we wrote; false when it is not ours or was changed.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, ReadOnlySpan<byte> key, out StateCookie cookie)
    {
        cookie = default;
        if (source.Length != Size)
            return false;
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key, source[..BodySize], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac, source[BodySize..]))
            return false;
        cookie = new StateCookie(
            BinaryPrimitives.ReadInt64BigEndian(source),
            BinaryPrimitives.ReadUInt32BigEndian(source[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[20..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[24..]),
            BinaryPrimitives.ReadUInt16BigEndian(source[28..]),
            BinaryPrimitives.ReadUInt16BigEndian(source[30..]),
            (PeerFeatures)BinaryPrimitives.ReadUInt32BigEndian(source[32..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[36..]),
            BinaryPrimitives.ReadUInt32BigEndian(source[40..]));
        return true;
    }
}

/// <summary>Extensions the peer announced.</summary>
[Flags]
internal enum PeerFeatures : uint
{
    None = 0,
    ForwardTsn = 1,
    ReConfig = 2,
}
