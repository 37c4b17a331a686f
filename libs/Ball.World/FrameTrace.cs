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
    /// <summary>RTP timestamps of video count 90,000 ticks a second.</summary>
    public const int TicksPerSecond = 90_000;

    private const int UsualTicksPerFrame = TicksPerSecond / 30;

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

    /// <summary>
    /// Whether this frame's way is recorded: in each second the one frame that falls into a window as long as a frame, at a
    /// place in
    /// the second that session and second decide.
    /// </summary>
    /// <param name="session">The session the frame belongs to.</param>
    /// <param name="rtpTimestamp">The frame's identity.</param>
    /// <param name="ticksPerFrame">The distance of two frames, where it is known; both ends must take the same.</param>
    public static bool IsSampled(Guid session, uint rtpTimestamp, int ticksPerFrame = UsualTicksPerFrame)
    {
        var (second, tick) = Math.DivRem(rtpTimestamp, TicksPerSecond);
        var start = (long)(Mix(Fold(session) + second) % TicksPerSecond);
        var after = (tick - start + TicksPerSecond) % TicksPerSecond;
        return after < ticksPerFrame;
    }

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
