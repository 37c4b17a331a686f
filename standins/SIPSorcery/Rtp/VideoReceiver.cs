using System.Buffers.Binary;
using System.Text;

namespace SIPSorcery.Net;

/// <summary>A video stream that is received from one peer. Made by <see cref="MediaTransport.AddReceiver"/>.</summary>
internal sealed class VideoReceiver
{
    const long FormerSsrcMicros = 2_000_000;

    readonly byte[] _mid;
    readonly byte[] _rtxFor = new byte[128];
    readonly bool[] _ownPayloadTypes = new bool[128];
    uint _formerSsrc;
    long _formerUntil;
    byte _firCommand;

    internal VideoReceiver(VideoReceiverOptions options)
    {
        Options = options;
        Ssrc = options.Ssrc;
        RtxSsrc = options.RtxSsrc;
        _mid = Encoding.UTF8.GetBytes(options.Mid ?? "");
        foreach (var type in options.PayloadTypes)
            _ownPayloadTypes[type & 127] = true;
        Array.Fill(_rtxFor, (byte)255);
        foreach (var (rtx, media) in options.RtxPayloadTypes)
            _rtxFor[rtx & 127] = media;
        Assembler = new FrameAssembler(options.MaxFrameSize, options.Nack, options.RtxPayloadTypes.Count > 0);
        Statistics = new ReceptionStatistics(options.ClockRate);
    }

    public VideoReceiverOptions Options { get; }
    /// <summary>The source that is received; 0 before the first packet of an unannounced one.</summary>
    public uint Ssrc { get; private set; }
    public uint RtxSsrc { get; private set; }
    public FrameAssembler Assembler { get; }
    public ReceptionStatistics Statistics { get; private set; }
    public long NacksSent { get; internal set; }
    public long KeyFrameRequestsSent { get; internal set; }

    /// <summary>Whether a packet from an unknown source belongs here by its payload type, and by its mid if it has one.</summary>
    internal bool Claims(in RtpPacketView view, ReadOnlySpan<byte> mid, long now)
    {
        if (!mid.IsEmpty && _mid.Length > 0 && !mid.SequenceEqual(_mid) || view.Ssrc == _formerSsrc && now < _formerUntil)
            return false;
        return _ownPayloadTypes[view.PayloadType] || _rtxFor[view.PayloadType] != 255;
    }

    internal void Insert(in RtpPacketView view, ReadOnlySpan<byte> packet, long now)
    {
        var payload = view.Payload(packet);
        var media = _rtxFor[view.PayloadType];
        if (media != 255)
        {
            RtxSsrc = view.Ssrc;
            // Without an original sequence number it is padding, to probe the way.
            if (payload.Length > 2)
                Assembler.Insert(BinaryPrimitives.ReadUInt16BigEndian(payload), view.Timestamp, view.Marker, media, payload[2..], now, true);
            return;
        }
        if (!_ownPayloadTypes[view.PayloadType])
            return;
        if (view.Ssrc != Ssrc)
        {
            if (Statistics.HasPackets)
            {
                (_formerSsrc, _formerUntil) = (Ssrc, now + FormerSsrcMicros);
                Assembler.Reset();
                Statistics = new ReceptionStatistics(Options.ClockRate);
            }
            Ssrc = view.Ssrc;
        }
        Statistics.OnPacket(view.SequenceNumber, view.Timestamp, now);
        Assembler.Insert(view.SequenceNumber, view.Timestamp, view.Marker, view.PayloadType, payload, now);
    }

    internal byte NextFirCommand() => ++_firCommand;
}
