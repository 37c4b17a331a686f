using System.Security.Cryptography;
using Ball.Quic.Packets;

namespace Ball.Quic.Crypto;

/// <summary>The tag that ties a Retry packet to the Initial it answers (RFC 9001, section 5.8). The key is public.</summary>
static class RetryTag
{
    public const int Length = 16;

    private static ReadOnlySpan<byte> Key =>
        [0xbe, 0x0c, 0x69, 0x0b, 0x9f, 0x66, 0x57, 0x5a, 0x1d, 0x76, 0x6b, 0x54, 0xe3, 0x68, 0xc8, 0x4e];

    private static ReadOnlySpan<byte> Nonce =>
        [0x46, 0x15, 0x99, 0xd3, 0x5d, 0x63, 0x2b, 0xf2, 0x23, 0x98, 0x25, 0xbb];

    public static void Compute(in ConnectionId originalDestination, ReadOnlySpan<byte> retryWithoutTag, Span<byte> tag)
    {
        var pseudo = new byte[1 + originalDestination.Length + retryWithoutTag.Length];
        var writer = new WireWriter(pseudo);
        writer.WriteId(originalDestination);
        writer.WriteBytes(retryWithoutTag);
        using var aes = new AesGcm(Key, Length);
        aes.Encrypt(Nonce, [], [], tag, pseudo);
    }
}
