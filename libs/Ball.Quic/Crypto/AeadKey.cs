using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Ball.Quic.Crypto;

/// <summary>Seals and opens packet payloads with one key (RFC 9001, section 5.3).</summary>
sealed class AeadKey : IDisposable
{
    public const int TagLength = 16;
    private const int NonceLength = 12;

    private readonly AesGcm? aes;
    private readonly ChaCha20Poly1305? chaCha;
    private readonly byte[] iv;

    public AeadKey(CipherSuite suite, byte[] secret)
    {
        byte[] key = KeySchedule.ExpandLabel(suite.Hash, secret, "quic key", suite.KeyLength);
        iv = KeySchedule.ExpandLabel(suite.Hash, secret, "quic iv", NonceLength);
        if (suite.IsAes)
            aes = new AesGcm(key, TagLength);
        else
            chaCha = new ChaCha20Poly1305(key);
        CryptographicOperations.ZeroMemory(key);
    }

    /// <summary>Encrypts the payload in place; the tag goes behind it.</summary>
    public void Seal(long number, ReadOnlySpan<byte> header, Span<byte> payload, Span<byte> tag)
    {
        Span<byte> nonce = stackalloc byte[NonceLength];
        MakeNonce(number, nonce);
        if (aes is not null)
            aes.Encrypt(nonce, payload, payload, tag, header);
        else
            chaCha!.Encrypt(nonce, payload, payload, tag, header);
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
            if (aes is not null)
                aes.Decrypt(nonce, cipher, tag, payload, header);
            else
                chaCha!.Decrypt(nonce, cipher, tag, payload, header);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        aes?.Dispose();
        chaCha?.Dispose();
    }

    private void MakeNonce(long number, Span<byte> nonce)
    {
        iv.CopyTo(nonce);
        ulong tail = BinaryPrimitives.ReadUInt64BigEndian(nonce[4..]);
        BinaryPrimitives.WriteUInt64BigEndian(nonce[4..], tail ^ (ulong)number);
    }
}
