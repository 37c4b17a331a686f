using System.Security.Cryptography;

namespace Ball.Quic.Crypto;

/// <summary>The TLS 1.3 suites that QUIC packets are protected with here.</summary>
sealed class CipherSuite
{
    public static readonly CipherSuite Aes128Gcm = new("AES-128-GCM", 16, HashAlgorithmName.SHA256);
    public static readonly CipherSuite Aes256Gcm = new("AES-256-GCM", 32, HashAlgorithmName.SHA384);
    public static readonly CipherSuite ChaCha20Poly1305 = new("CHACHA20-POLY1305", 32, HashAlgorithmName.SHA256);

    private CipherSuite(string name, int keyLength, HashAlgorithmName hash)
    {
        Name = name;
        KeyLength = keyLength;
        Hash = hash;
    }

    public string Name { get; }

    public int KeyLength { get; }

    public HashAlgorithmName Hash { get; }

    public bool IsAes => this != ChaCha20Poly1305;
}
