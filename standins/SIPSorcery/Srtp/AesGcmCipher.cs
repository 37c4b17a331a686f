using System.Buffers.Binary;
using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>AEAD_AES_128_GCM (RFC 7714).</summary>
internal sealed class AesGcmCipher : ISrtpCipher
{
    const int Tag = 16;
    const int NonceSize = 12;
    const uint EncryptedFlag = 0x8000_0000;
    const int RtcpHeader = 8;
    const int MaxPlainRtcp = 2048;

    readonly AesGcm _rtp;
    readonly AesGcm _rtcp;
    readonly byte[] _rtpSalt = new byte[NonceSize];
    readonly byte[] _rtcpSalt = new byte[NonceSize];

    public AesGcmCipher(in SrtpKeys keys)
    {
        Span<byte> key = stackalloc byte[SrtpKeys.KeySize];
        keys.Derive(SrtpKeyLabel.RtpEncryption, key);
        _rtp = new AesGcm(key, Tag);
        keys.Derive(SrtpKeyLabel.RtcpEncryption, key);
        _rtcp = new AesGcm(key, Tag);
        keys.Derive(SrtpKeyLabel.RtpSalt, _rtpSalt);
        keys.Derive(SrtpKeyLabel.RtcpSalt, _rtcpSalt);
    }

    /// <summary>For the RFC's test vectors, which begin with the session keys.</summary>
    internal AesGcmCipher(ReadOnlySpan<byte> sessionKey, ReadOnlySpan<byte> sessionSalt)
    {
        _rtp = new AesGcm(sessionKey, Tag);
        _rtcp = new AesGcm(sessionKey, Tag);
        sessionSalt.CopyTo(_rtpSalt);
        sessionSalt.CopyTo(_rtcpSalt);
    }

    public int TagSize => Tag;

    public int SealRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, long index)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        RtpNonce(nonce, ssrc, index);
        var payload = buffer[headerLength..length];
        _rtp.Encrypt(nonce, payload, payload, buffer.Slice(length, Tag), buffer[..headerLength]);
        return length + Tag;
    }

    public int OpenRtp(Span<byte> buffer, int length, int headerLength, uint ssrc, long index)
    {
        length -= Tag;
        Span<byte> nonce = stackalloc byte[NonceSize];
        RtpNonce(nonce, ssrc, index);
        return Open(_rtp, nonce, buffer[headerLength..length], buffer.Slice(length, Tag), buffer[..headerLength]) ? length : -1;
    }

    public int SealRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        RtcpNonce(nonce, ssrc, index);
        Span<byte> associated = stackalloc byte[RtcpHeader + 4];
        buffer[..RtcpHeader].CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpHeader..], index | EncryptedFlag);
        var payload = buffer[RtcpHeader..length];
        _rtcp.Encrypt(nonce, payload, payload, buffer.Slice(length, Tag), associated);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[(length + Tag)..], index | EncryptedFlag);
        return length + Tag + 4;
    }

    public uint ReadRtcpIndex(ReadOnlySpan<byte> packet) => BinaryPrimitives.ReadUInt32BigEndian(packet[^4..]);

    public int OpenRtcp(Span<byte> buffer, int length, uint ssrc, uint index)
    {
        length -= Tag + 4;
        Span<byte> nonce = stackalloc byte[NonceSize];
        RtcpNonce(nonce, ssrc, index & ~EncryptedFlag);
        var tag = buffer.Slice(length, Tag);
        if ((index & EncryptedFlag) == 0)
        {
            // Authenticated only: then everything is associated data, the index word too.
            if (length > MaxPlainRtcp)
                return -1;
            Span<byte> all = stackalloc byte[MaxPlainRtcp + 4];
            all = all[..(length + 4)];
            buffer[..length].CopyTo(all);
            BinaryPrimitives.WriteUInt32BigEndian(all[length..], index);
            return Open(_rtcp, nonce, [], tag, all) ? length : -1;
        }
        Span<byte> associated = stackalloc byte[RtcpHeader + 4];
        buffer[..RtcpHeader].CopyTo(associated);
        BinaryPrimitives.WriteUInt32BigEndian(associated[RtcpHeader..], index);
        return Open(_rtcp, nonce, buffer[RtcpHeader..length], tag, associated) ? length : -1;
    }

    public void Dispose()
    {
        _rtp.Dispose();
        _rtcp.Dispose();
    }

    void RtpNonce(Span<byte> nonce, uint ssrc, long index)
    {
        nonce[..2].Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt16BigEndian(nonce[6..], (ushort)(index >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], (uint)index);
        Mix(nonce, _rtpSalt);
    }

    void RtcpNonce(Span<byte> nonce, uint ssrc, uint index)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(nonce[2..], ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(nonce[8..], index);
        Mix(nonce, _rtcpSalt);
    }

    static void Mix(Span<byte> nonce, byte[] salt)
    {
        for (var i = 0; i < NonceSize; i++)
            nonce[i] ^= salt[i];
    }

    static bool Open(
        AesGcm cipher, ReadOnlySpan<byte> nonce, Span<byte> data, ReadOnlySpan<byte> tag, ReadOnlySpan<byte> associated)
    {
        // .NET reports a wrong tag by an exception only: a forgery costs some time, but never state.
        try
        {
            cipher.Decrypt(nonce, data, tag, data, associated);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }
}
