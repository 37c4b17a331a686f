using System.Security.Cryptography;

namespace SIPSorcery.Net;

/// <summary>Numbers that nobody can guess, in the form of <see cref="Random"/>, so that tests can put a seeded one in.</summary>
internal sealed class CryptoRandom : Random
{
    public override int Next() => RandomNumberGenerator.GetInt32(int.MaxValue);

    public override int Next(int maxValue) => maxValue <= 1 ? 0 : RandomNumberGenerator.GetInt32(maxValue);

    public override int Next(int minValue, int maxValue) =>
        maxValue <= minValue ? minValue : RandomNumberGenerator.GetInt32(minValue, maxValue);

    public override long NextInt64()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BitConverter.ToInt64(bytes) & long.MaxValue;
    }

    public override void NextBytes(byte[] buffer) => RandomNumberGenerator.Fill(buffer);

    public override void NextBytes(Span<byte> buffer) => RandomNumberGenerator.Fill(buffer);

    protected override double Sample() => NextInt64() / (double)long.MaxValue;
}
