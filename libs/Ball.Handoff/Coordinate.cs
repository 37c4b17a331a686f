using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Ball.Handoff;

/// <summary>What a detector says about one frame. Times are monotonic nanoseconds.</summary>
/// <remarks>This is, byte for byte, the record in the slot; see docs/protocol.md before changing anything.</remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
public readonly record struct Coordinate
{
    internal const int Size = 112;

    /// <summary>The session the frame belongs to.</summary>
    [field: FieldOffset(0)]
    public Guid Session { get; init; }

    /// <summary>The number the client gave the frame.</summary>
    [field: FieldOffset(16)]
    public long Frame { get; init; }

    /// <summary>The frame's identity everywhere.</summary>
    [field: FieldOffset(24)]
    public uint RtpTimestamp { get; init; }

    [field: FieldOffset(28)]
    public float X { get; init; }

    [field: FieldOffset(32)]
    public float Y { get; init; }

    [field: FieldOffset(36)]
    public float Radius { get; init; }

    /// <summary>0 (no ball in the picture) to 1.</summary>
    [field: FieldOffset(40)]
    public float Confidence { get; init; }

    /// <summary>When the client had received the frame.</summary>
    [field: FieldOffset(48)]
    public long ReceivedAt { get; init; }

    /// <summary>When the client offered it to the pipe.</summary>
    [field: FieldOffset(56)]
    public long OfferedAt { get; init; }

    /// <summary>When the detector had read it and began to look.</summary>
    [field: FieldOffset(64)]
    public long StartedAt { get; init; }

    /// <summary>When it had found the ball, or not.</summary>
    [field: FieldOffset(72)]
    public long EndedAt { get; init; }

    /// <summary>Who found it.</summary>
    [field: FieldOffset(80)]
    public FinderName Finder { get; init; }

    public bool IsBall => Confidence > 0;
}

/// <summary>A short name of ASCII letters, kept in place.</summary>
[InlineArray(16)]
public struct FinderName : IEquatable<FinderName>
{
    private byte _letter;

    /// <summary>Keeps the first sixteen letters.</summary>
    public static FinderName Of(string name)
    {
        FinderName result = default;
        Encoding.ASCII.GetBytes(name.AsSpan(0, Math.Min(name.Length, 16)), result);
        return result;
    }

    public readonly bool Equals(FinderName other) => ((ReadOnlySpan<byte>)this).SequenceEqual(other);

    public override readonly bool Equals(object? obj) => obj is FinderName other && Equals(other);

    public override readonly int GetHashCode() => MemoryMarshal.Read<int>(this);

    public override readonly string ToString() => Encoding.ASCII.GetString(((ReadOnlySpan<byte>)this).TrimEnd((byte)0));
}
