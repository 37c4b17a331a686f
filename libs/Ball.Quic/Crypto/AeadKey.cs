using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ball.Quic.Crypto;

/// <summary>Seals and opens packet payloads with one key (RFC 9001, section 5.3).</summary>
sealed class AeadKey : IDisposable
{
    public const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm? _aes;
    private readonly ChaCha20Poly1305? _chaCha;
    private readonly byte[] _iv;

    public AeadKey(CipherSuite suite, byte[] secret)
    {
        byte[] key = KeySchedule.ExpandLabel(suite.Hash, secret, "quic key", suite.KeyLength);
        _iv = KeySchedule.ExpandLabel(suite.Hash, secret, "quic iv", NonceLength);
        if (suite.IsAes)
            _aes = new AesGcm(key, TagLength);
        else
            _chaCha = new ChaCha20Poly1305(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts the payload in place; the tag goes behind it.</summary>
    public void Seal(long number, ReadOnlySpan<byte> header, Span<byte> payload, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        MakeNonce(number, nonce);
        if (_aes is not null)
            _aes.Encrypt(nonce, payload, payload, tag, header);
        else
            _chaCha!.Encrypt(nonce, payload, payload, tag, header);
    }

    /// <summary>Decrypts in place; false for what was not sealed with this key.</summary>
    public bool TryOpen(long number, ReadOnlySpan<byte> header, ReadOnlySpan<byte> sealedPayload, Span<byte> payload)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        MakeNonce(number, nonce);
        var cipher = sealedPayload[..^TagLength];
        var tag = sealedPayload[^TagLength..];
        try
        {
            if (_aes is not null)
                _aes.Decrypt(nonce, cipher, tag, payload, header);
            else
                _chaCha!.Decrypt(nonce, cipher, tag, payload, header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _aes?.Dispose();
        _chaCha?.Dispose();
    }

    private void MakeNonce(long number, Span<byte> nonce)
    {
        _iv.CopyTo(nonce);
        ulong tail = BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], tail ^ (ulong)number);
    }
}
