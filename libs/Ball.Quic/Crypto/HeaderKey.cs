using System.Security.Cryptography;

namespace Ball.Quic.Crypto;

/// <summary>Hides packet numbers and flags (RFC 9001, section 5.4). One thread at a time.</summary>
sealed class HeaderKey : IDisposable
{
    public const int SampleLength = 16;

    private readonly byte[] key;
    private readonly Aes? aes;
    private readonly ICryptoTransform? block;
    private readonly byte[] input = new byte[SampleLength];
    private readonly byte[] output = new byte[SampleLength];

    public HeaderKey(CipherSuite suite, byte[] secret)
    {
        key = KeySchedule.ExpandLabel(suite.Hash, secret, "quic hp", suite.KeyLength);
        if (!suite.IsAes)
            return;
        aes = Aes.Create();
        aes.Mode = CipherMode.ECB;
        aes.Padding = PaddingMode.None;
        aes.Key = key;
        block = aes.CreateEncryptor();
    }

    /// <summary>Five bytes: the first masks the flags, the others the packet number.</summary>
    public ReadOnlySpan<byte> Mask(ReadOnlySpan<byte> sample)
    {
        if (block is not null)
        {
            sample.CopyTo(input);
            block.TransformBlock(input, 0, SampleLength, output, 0);
        }
        else
        {
            ChaCha20.Mask(key, sample, output.AsSpan(0, 5));
        }

        return output.AsSpan(0, 5);
    }

    public void Dispose()
    {
        block?.Dispose();
        aes?.Dispose();
    }
}
