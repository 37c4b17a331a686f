using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ball.Quic.Packets;

/// <summary>A connection id of up to twenty bytes, as a value.</summary>
readonly struct ConnectionId : IEquatable<ConnectionId>
{
    public const int MaxLength = 20;

    private readonly Storage _bytes;

    public ConnectionId(ReadOnlySpan<byte> source)
    {
        source.CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.As<Storage, byte>(ref _bytes), MaxLength));
        Length = source.Length;
    }

    public int Length { get; }

    public static ConnectionId Random(int length)
    {
        Span<byte> random = stackalloc byte[length];
        RandomNumberGenerator.Fill(random);
        return new ConnectionId(random);
    }

    public void CopyTo(Span<byte> target) => Span[..Length].CopyTo(target);

    public byte[] ToArray() => Span[..Length].ToArray();

    [UnscopedRef]
    private ReadOnlySpan<byte> Span => MemoryMarshal.CreateReadOnlySpan(
        ref Unsafe.As<Storage, byte>(ref Unsafe.AsRef(in _bytes)), MaxLength);

    public bool Equals(ConnectionId other) => Length == other.Length && Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is ConnectionId other && Equals(other);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(Span[..Length]);
        return hash.ToHashCode();
    }

    public override string ToString() => Convert.ToHexStringLower(Span[..Length]);

    [InlineArray(MaxLength)]
    private struct Storage
    {
        private byte _first;
    }
}
