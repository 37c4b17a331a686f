using System.Buffers.Binary;
using System.Security.Cryptography;
using Ball.Quic.Connections;
using Ball.Quic.Packets;

namespace Ball.Quic.Endpoint;

/// <summary>Tokens that prove an address: sealed with a key that lives as long as the endpoint.</summary>
sealed class RetryTokens : IDisposable
{
    private const int NonceLength = 12, TagLength = 16, FixedLength = 16 + 2 + 8;
    private const long Lifetime = 10_000_000;

    private readonly AesGcm _aes;

    public RetryTokens()
    {
        Span<byte> key = stackalloc byte[16];
        RandomNumberGenerator.Fill(key);
        _aes = new AesGcm(key, TagLength);
    }

    public byte[] Make(PeerAddress address, in ConnectionId original, long now)
    {
        var token = new byte[NonceLength + FixedLength + original.Length + TagLength];
        var body = token.AsSpan(NonceLength..^TagLength);
        RandomNumberGenerator.Fill(token.AsSpan(0, NonceLength));
        WriteFixed(body, address, now);
        original.CopyTo(body[FixedLength..]);
        _aes.Encrypt(token.AsSpan(0, NonceLength), body, body, token.AsSpan(token.Length - TagLength));
        return token;
    }

    /// <summary>True for a token that this endpoint gave this address a moment ago.</summary>
    public bool TryRead(ReadOnlySpan<byte> token, PeerAddress address, long now, out ConnectionId original)
    {
        original = default;
        int bodyLength = token.Length - NonceLength - TagLength;
        if (bodyLength < FixedLength || bodyLength > FixedLength + ConnectionId.MaxLength)
            return false;
        Span<byte> body = stackalloc byte[bodyLength];
        try
        {
            _aes.Decrypt(token[..NonceLength], token[NonceLength..^TagLength], token[^TagLength..], body);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        Span<byte> expected = stackalloc byte[FixedLength];
        long madeAt = BinaryPrimitives.ReadInt64BigEndian(body[18..]);
        WriteFixed(expected, address, madeAt);
        if (!body[..FixedLength].SequenceEqual(expected) || now < madeAt || now - madeAt > Lifetime)
            return false;
        original = new ConnectionId(body[FixedLength..]);
        return true;
    }

    public void Dispose() => _aes.Dispose();

    private static void WriteFixed(Span<byte> target, PeerAddress address, long madeAt)
    {
        BinaryPrimitives.WriteUInt128BigEndian(target, address.Ip);
        BinaryPrimitives.WriteUInt16BigEndian(target[16..], address.Port);
        BinaryPrimitives.WriteInt64BigEndian(target[18..], madeAt);
    }
}
