using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>A STUN message read in place (RFC 8489). Nothing in it is to be believed before <see cref="HasIntegrity"/>.</summary>
internal readonly ref struct StunMessage
{
    public const int HeaderLength = 20;
    public const uint MagicCookie = 0x2112A442;
    public const uint FingerprintXor = 0x5354554E;
    private const int IntegrityLength = 24;

    private readonly ReadOnlySpan<byte> _packet;
    private readonly int _integrityAt;

    private StunMessage(ReadOnlySpan<byte> packet)
    {
        _packet = packet;
        Type = BinaryPrimitives.ReadUInt16BigEndian(packet);
        Transaction = StunTransaction.Read(packet[8..]);
        for (var at = HeaderLength; at + 4 <= packet.Length;)
        {
            var kind = BinaryPrimitives.ReadUInt16BigEndian(packet[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(packet[(at + 2)..]);
            if (at + 4 + length > packet.Length)
            {
                break;
            }

            var value = packet.Slice(at + 4, length);

            // What follows the integrity is not protected by it; only the fingerprint may stand there.
            if (_integrityAt > 0 && kind != StunAttribute.Fingerprint)
            {
                break;
            }

            switch (kind)
            {
                case StunAttribute.Username:
                    Username = value;
                    break;
                case StunAttribute.Priority when length == 4:
                    Priority = BinaryPrimitives.ReadUInt32BigEndian(value);
                    break;
                case StunAttribute.UseCandidate:
                    UseCandidate = true;
                    break;
                case StunAttribute.IceControlling when length == 8:
                    Controlling = BinaryPrimitives.ReadUInt64BigEndian(value);
                    break;
                case StunAttribute.IceControlled when length == 8:
                    Controlled = BinaryPrimitives.ReadUInt64BigEndian(value);
                    break;
                case StunAttribute.XorMappedAddress:
                    Mapped = ReadAddress(value, packet.Slice(4, 16));
                    break;
                case StunAttribute.ErrorCode when length >= 4:
                    Error = ((value[2] & 7) * 100) + value[3];
                    break;
                case StunAttribute.MessageIntegrity when length == 20:
                    _integrityAt = at;
                    break;
                case StunAttribute.Fingerprint when length == 4:
                    HasFingerprint = (Crc32.Of(packet[..at]) ^ FingerprintXor) == BinaryPrimitives.ReadUInt32BigEndian(value);
                    return;
            }

            at += 4 + ((length + 3) & ~3);
        }
    }

    public ushort Type { get; }

    public StunTransaction Transaction { get; }

    public ReadOnlySpan<byte> Username { get; }

    public uint? Priority { get; }

    public bool UseCandidate { get; }

    public ulong? Controlling { get; }

    public ulong? Controlled { get; }

    public NetAddress Mapped { get; }

    public int Error { get; }

    public bool HasFingerprint { get; }

    /// <summary>Whether the packet is STUN at all, from its first bytes (RFC 7983).</summary>
    public static bool IsStun(ReadOnlySpan<byte> packet) =>
        packet.Length >= HeaderLength && packet[0] < 4 &&
        BinaryPrimitives.ReadUInt32BigEndian(packet[4..]) == MagicCookie &&
        BinaryPrimitives.ReadUInt16BigEndian(packet[2..]) == packet.Length - HeaderLength && packet.Length % 4 == 0;

    public static bool TryRead(ReadOnlySpan<byte> packet, out StunMessage message)
    {
        if (!IsStun(packet))
        {
            message = default;
            return false;
        }

        message = new StunMessage(packet);
        return true;
    }

    /// <summary>True when the sender knew the password and nothing was changed on the way.</summary>
    public bool HasIntegrity(ReadOnlySpan<byte> key)
    {
        if (_integrityAt == 0 || _packet.Length > 1500)
        {
            return false;
        }

        // The hash covers what goes before, under a length that ends with the integrity itself.
        Span<byte> covered = stackalloc byte[_integrityAt];
        _packet[.._integrityAt].CopyTo(covered);
        BinaryPrimitives.WriteUInt16BigEndian(covered[2..], (ushort)(_integrityAt + IntegrityLength - HeaderLength));
        Span<byte> hash = stackalloc byte[20];
        HMACSHA1.HashData(key, covered, hash);
        return CryptographicOperations.FixedTimeEquals(hash, _packet.Slice(_integrityAt + 4, 20));
    }

    private static NetAddress ReadAddress(ReadOnlySpan<byte> value, ReadOnlySpan<byte> mask)
    {
        if (value.Length < 8)
        {
            return NetAddress.None;
        }

        var port = (ushort)(BinaryPrimitives.ReadUInt16BigEndian(value[2..]) ^ (MagicCookie >> 16));
        if (value[1] == 1)
        {
            return NetAddress.FromIPv4(BinaryPrimitives.ReadUInt32BigEndian(value[4..]) ^ MagicCookie, port);
        }

        return value[1] == 2 && value.Length >= 20
            ? new NetAddress(
                BinaryPrimitives.ReadUInt64BigEndian(value[4..]) ^ BinaryPrimitives.ReadUInt64BigEndian(mask),
                BinaryPrimitives.ReadUInt64BigEndian(value[12..]) ^ BinaryPrimitives.ReadUInt64BigEndian(mask[8..]),
                port)
            : NetAddress.None;
    }
}
