using System.Diagnostics;

namespace WebRtcBench;

/// <summary>When a frame was sent, written at its end so that no start code can arise. Both processes share the clock.</summary>
internal static class TimeStamp
{
    private const int Length = 16;
    private const byte Offset = 0x40;

    private static ReadOnlySpan<byte> Mark => "TIME"u8;

    public static void Write(byte[] frame)
    {
        var now = Stopwatch.GetTimestamp();
        Mark.CopyTo(frame.AsSpan(frame.Length - Length - Mark.Length));
        for (var at = 1; at <= Length; at++, now >>= 4)
        {
            frame[^at] = (byte)(Offset + (now & 15));
        }
    }

    public static bool TryRead(byte[] frame, out long time)
    {
        time = 0;
        if (frame.Length < 64 || !frame.AsSpan(frame.Length - Length - Mark.Length, Mark.Length).SequenceEqual(Mark))
        {
            return false;
        }

        foreach (var part in frame.AsSpan(frame.Length - Length))
        {
            time = (time << 4) | (long)(part - Offset);
        }

        return true;
    }
}
