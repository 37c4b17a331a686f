using System.Security.Cryptography;

namespace Ball.Quic.Crypto;

/// <summary>Hides packet numbers and flags (RFC 9001, section 5.4). One thread at a time.</summary>
sealed class HeaderKey : IDisposable
{
    public const int SampleLength = 16;

    private readonly byte[] _key;
    private readonly Aes? _aes;
    private readonly ICryptoTransform? _block;
    private readonly byte[] _input = new byte[SampleLength];
    private readonly byte[] _output = new byte[SampleLength];

    public HeaderKey(CipherSuite suite, byte[] secret)
    {
        _key = KeySchedule.ExpandLabel(suite.Hash, secret, "quic hp", suite.KeyLength);
        if (!suite.IsAes)
            return;
        _aes = Aes.Create();
        _aes.Mode = CipherMode.ECB;
        _aes.Padding = PaddingMode.None;
        _aes.Key = _key;
        _block = _aes.CreateEncryptor();
    }

    /// <summary>Five bytes: the first masks the flags, the others the packet number.</summary>
    public ReadOnlySpan<byte> Mask(ReadOnlySpan<byte> sample)
    {
        if (_block is not null)
        {
            sample.CopyTo(_input);
            _block.TransformBlock(_input, 0, SampleLength, _output, 0);
        }
        else
        {
            ChaCha20.Mask(_key, sample, _output.AsSpan(0, 5));
        }

        return _output.AsSpan(0, 5);
    }

    public void Dispose()
    {
        _block?.Dispose();
        _aes?.Dispose();
    }
}
