using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>AES_128_CM_HMAC_SHA1_80 (RFC 3711).</summary>
internal sealed class AesCmSha1Cipher : ISrtpCipher
{
    const int Tag = 10;
    const int RolloverSize = 4;
    const uint EncryptedFlag = 0x8000_0000;
    const int RtcpHeader = 8;

    readonly Keys _rtp;
    readonly Keys _rtcp;

    public AesCmSha1Cipher(in SrtpKeys keys)
    {
        _rtp = new Keys(keys, SrtpKeyLabel.RtpEncryption, SrtpKeyLabel.RtpAuthentication, SrtpKeyLabel.RtpSalt);
        _rtcp = new Keys(keys, SrtpKeyLabel.RtcpEncryption, SrtpKeyLabel.RtcpAuthentication, SrtpKeyLabel.RtcpSalt);
    }

    public int TagSize => Tag;

    public int SealRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, long index)
    {
        _rtp.Encrypt(ssrc, index, buffer[headerLength..length]);
        // The rollover counter is authenticated but not sent: it stands where the tag goes, for the time being.
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], (uint)(index >> 16));
        _rtp.Sign(buffer[..(length + RolloverSize)], buffer.Slice(length, Tag));
        return length + Tag;
    }

    public int OpenRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, long index)
    {
        length -= Tag;
        Span<byte> tag = stackalloc byte[Tag];
        buffer.Slice(length, Tag).CopyTo(tag);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], (uint)(index >> 16));
        Span<byte> expected = stackalloc byte[Tag];
        _rtp.Sign(buffer[..(length + RolloverSize)], expected);
        if (!CryptographicOperations.FixedTimeEquals(tag, expected))
        {
            tag.CopyTo(buffer[length..]);
            return -1;
        }
        _rtp.Encrypt(ssrc, index, buffer[headerLength..length]);
        return length;
    }

    public int SealRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        _rtcp.Encrypt(ssrc, index, buffer[RtcpHeader..length]);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[length..], index | EncryptedFlag);
        length += 4;
        _rtcp.Sign(buffer[..length], buffer.Slice(length, Tag));
        return length + Tag;
    }

    public uint ReadRtcpIndex(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32BigEndian(packet[^(Tag + 4)..]);

    public int OpenRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        var signed = length - Tag;
        Span<byte> expected = stackalloc byte[Tag];
        _rtcp.Sign(buffer[..signed], expected);
        if (!CryptographicOperations.FixedTimeEquals(buffer.Slice(signed, Tag), expected))
            return -1;
        length = signed - 4;
        if ((index & EncryptedFlag) != 0)
            _rtcp.Encrypt(ssrc, index & ~EncryptedFlag, buffer[RtcpHeader..length]);
        return length;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    sealed class Keys : IDisposable
    {
        readonly AesCounterMode _cipher;
        readonly IncrementalHash _signature;
        readonly byte[] _salt = new byte[16];

        public Keys(in SrtpKeys keys, SrtpKeyLabel encryption, SrtpKeyLabel authentication, SrtpKeyLabel salt)
        {
            Span<byte> key = stackalloc byte[SrtpKeys.AuthenticationKeySize];
            keys.Derive(encryption, key[..SrtpKeys.KeySize]);
            _cipher = new AesCounterMode(key[..SrtpKeys.KeySize]);
            keys.Derive(authentication, key);
            _signature = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);
            keys.Derive(salt, _salt.AsSpan(0, 14));
        }

        public void Encrypt(uint ssrc, long index, Span<byte> data)
        {
            Span<byte> start = stackalloc byte[16];
            _salt.CopyTo(start);
            var word = start[4..];
            BinaryPrimitives.WriteUInt32BigEndian(word, BinaryPrimitives.ReadUInt32BigEndian(word) ^ ssrc);
            word = start[8..];
            BinaryPrimitives.WriteUInt64BigEndian(word, BinaryPrimitives.ReadUInt64BigEndian(word) ^ (ulong)index << 16);
            _cipher.Apply(start, data);
        }

        public void Sign(ReadOnlySpan<byte> data, Span<byte> tag)
        {
            Span<byte> hash = stackalloc byte[20];
            _signature.AppendData(data);
            _signature.GetHashAndReset(hash);
            hash[..Tag].CopyTo(tag);
        }

        public void Dispose()
        {
            _cipher.Dispose();
            _signature.Dispose();
        }
    }
}
