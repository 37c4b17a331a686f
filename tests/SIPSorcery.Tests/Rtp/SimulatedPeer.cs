using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

/// <summary>One end of a simulated session: a transport, what it put out, and what it was told.</summary>
internal sealed class SimulatedPeer : IMediaTransportOwner
{
    readonly byte[] _buffer = new byte[2048];

    public SimulatedPeer(MediaTransportOptions options) => Transport = new MediaTransport(this, options);

    public MediaTransport Transport { get; }
    public Action<ReadOnlySpan<byte>> Wire { get; set; } = static _ => { };
    public Action<VideoSender> KeyFrameWanted { get; set; } = static _ => { };
    public Action<ReceivedFrame>? FrameReceived { get; set; }
    public List<ReceivedFrame> Frames { get; } = [];
    public List<long> Targets { get; } = [];
    public List<RTCPCompoundPacket> Received { get; } = [];
    public List<uint> Byes { get; } = [];
    public int RtpPackets { get; private set; }
    public bool KeepReports { get; set; }

    public Span<byte> RentDatagram(int size) => _buffer.AsSpan(0, size);

    public void Send(int length)
    {
        if (length > 0)
            Wire(_buffer.AsSpan(0, length));
    }

    public void OnFrame(VideoReceiver receiver, in ReceivedFrame frame)
    {
        if (FrameReceived is { } handler)
            handler(frame);
        else
            Frames.Add(frame);
    }

    public void OnRtp(VideoReceiver? receiver, in RtpPacketView view, ReadOnlySpan<byte> packet) => RtpPackets++;

    public void OnRtcp(ReadOnlySpan<byte> datagram, bool sent)
    {
        if (!sent && KeepReports && RTCPCompoundPacket.TryParse(datagram, out var compound, out _))
            Received.Add(compound);
    }

    public void OnKeyFrameWanted(VideoSender sender) => KeyFrameWanted(sender);

    public void OnTargetBitrate(long bitsPerSecond) => Targets.Add(bitsPerSecond);

    public void OnBye(uint ssrc) => Byes.Add(ssrc);
}
