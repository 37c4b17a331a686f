using System.Buffers.Binary;
using System.Diagnostics;

namespace Ball.World;

/// <summary>
/// The trace of one frame's way through all processes. Nothing travels for it: every side derives the same ids from what it
/// knows anyway.
/// </summary>
/// <param name="TraceId">The trace all stages of the frame belong to.</param>
/// <param name="FrameSpanId">The span all stages of the frame are children of.</param>
public readonly record struct FrameTrace(ActivityTraceId TraceId, ActivitySpanId FrameSpanId)
{
    /// <summary>What to start a stage's span under.</summary>
    public ActivityContext Context => new(TraceId, FrameSpanId, ActivityTraceFlags.Recorded, isRemote: true);

    public static FrameTrace Of(Guid session, uint rtpTimestamp)
    {
        Span<byte> ids = stackalloc byte[24];
        var state = Fold(session) ^ Mix(rtpTimestamp);
        for (var i = 0; i < 3; i++)
            BinaryPrimitives.WriteUInt64BigEndian(ids[(i * 8)..], state = Mix(state));
        // An id that is all zeros would be none.
        ids[15] |= 1;
        ids[23] |= 1;
        return new FrameTrace(ActivityTraceId.CreateFromBytes(ids[..16]), ActivitySpanId.CreateFromBytes(ids[16..]));
    }

    /// <summary>A number of RTP ticks below a second that both ends of a session know.</summary>
    internal static uint OffsetOf(Guid session) => (uint)(Mix(Fold(session)) % FrameStamp.RtpClockRate);

    private static ulong Fold(Guid session)
    {
        Span<byte> bytes = stackalloc byte[16];
        session.TryWriteBytes(bytes, bigEndian: true, out _);
        return Mix(BinaryPrimitives.ReadUInt64BigEndian(bytes)) ^ BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
    }

    /// <summary>SplitMix64: spreads whatever goes in over all bits.</summary>
    private static ulong Mix(ulong value)
    {
        value += 0x9e3779b97f4a7c15;
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }
}
