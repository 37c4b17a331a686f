namespace SIPSorcery.Net;

/// <summary>When a packet left its sender: 24 bits, 6.18 fixed point seconds of NTP time.</summary>
public class AbsSendTimeExtension(int id)
    : RTPHeaderExtension(id, RTP_HEADER_EXTENSION_URI, RTP_HEADER_EXTENSION_SIZE, RTPHeaderExtensionType.OneByte)
{
    public const string RTP_HEADER_EXTENSION_URI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    internal const int RTP_HEADER_EXTENSION_SIZE = 3;

    /// <summary>Does nothing: the time is taken when the packet is written.</summary>
    public override void Set(object value)
    {
    }

    public override byte[] Marshal()
    {
        var time = NtpTime.AbsSendTime(NtpTime.FromUnixMicros((DateTime.UtcNow - DateTime.UnixEpoch).Ticks / 10));
        return [(byte)(Id << 4 | RTP_HEADER_EXTENSION_SIZE - 1), (byte)(time >> 16), (byte)(time >> 8), (byte)time];
    }

    public override object? Unmarshal(RTPHeader header, byte[] data)
    {
        if (data.Length != RTP_HEADER_EXTENSION_SIZE)
            return null;
        var time = (uint)(data[0] << 16 | data[1] << 8 | data[2]);
        return new TimestampPair { RtpTimestamp = header.Timestamp, NtpTimestamp = (ulong)time << 14 };
    }
}
