using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>A video stream that is sent to one peer. Made by <see cref="MediaTransport.AddSender"/>.</summary>
internal sealed class VideoSender : IDisposable
{
    const long KeyFrameIntervalMicros = 200_000;
    const long MinAgainMicros = 10_000;
    const long AgainBurst = 256 * 1024;

    readonly MediaTransport _transport;
    readonly RtpHeaderTemplate _header;
    readonly RtpHeaderTemplate? _rtxHeader;
    readonly SentPackets? _sent;
    long _againBudget = AgainBurst;
    long _keyFrameWantedAt = long.MinValue / 2;
    int _lastFir = -1;
    uint _lastTimestamp;
    long _lastFrameAt;

    internal VideoSender(MediaTransport transport, VideoSenderOptions options, in RtpExtensionIds ids)
    {
        _transport = transport;
        Options = options;
        _header = new RtpHeaderTemplate(options.Ssrc, ids, options.Mid);
        _rtxHeader = options.RtxSsrc == 0 ? null : new RtpHeaderTemplate(options.RtxSsrc, ids, options.Mid);
        _sent = options.Nack ? new SentPackets() : null;
    }

    public VideoSenderOptions Options { get; }

    /// <summary>The sequence number of the next packet.</summary>
    public ushort Sequence { get; internal set; }
    internal ushort RtxSequence { get; set; }
    public long PacketsSent { get; private set; }
    public long PayloadBytesSent { get; private set; }
    /// <summary>Packets sent again because they were asked for.</summary>
    public long PacketsSentAgain { get; private set; }
    public long NacksReceived { get; private set; }
    public long KeyFrameRequests { get; private set; }
    /// <summary>As the other side last reported it, of 1.</summary>
    public double FractionLost { get; private set; }
    /// <summary>To the other side and back; 0 while unknown.</summary>
    public long RoundTripMicros { get; private set; }

    internal bool HasSent => PacketsSent > 0;

    /// <summary>Sends a frame. It stays referenced for as long as its packets may be asked for again.</summary>
    public void SendFrame(PacketisedFrame frame, uint timestamp, long now)
    {
        if (!_transport.IsSecure)
            return;
        if (_sent is not null && frame.Count > 0)
            frame.Retain(frame.Count);
        for (var i = 0; i < frame.Count; i++)
        {
            var marker = i == frame.Count - 1;
            var stamp = _transport.Stamp(now);
            var packet = _transport.Rent(_header.Length + frame[i].PayloadLength);
            _header.Write(packet, Options.PayloadType, marker, Sequence, timestamp, stamp.AbsSendTime, stamp.TransportSequence);
            var payload = frame.WritePayload(i, packet[_header.Length..]);
            _transport.SendRtp(packet, _header.Length + payload, stamp.TransportSequence, now);
            if (_sent is not null)
            {
                ref var entry = ref _sent.Add(now);
                entry.Frame = frame;
                entry.Fragment = i;
                entry.Sequence = Sequence;
                entry.TransportSequence = stamp.TransportSequence;
                entry.AbsSendTime = stamp.AbsSendTime;
                entry.Timestamp = timestamp;
                entry.PayloadType = Options.PayloadType;
                entry.Marker = marker;
                entry.SentAt = now;
                entry.AgainAt = long.MinValue / 2;
            }
            Sequence++;
        }
        PacketsSent += frame.Count;
        PayloadBytesSent += frame.PayloadBytes;
        _againBudget = Math.Min(AgainBurst, _againBudget + frame.PayloadBytes);
        (_lastTimestamp, _lastFrameAt) = (timestamp, now);
    }

    /// <summary>Sends a payload as it is, in a packet that cannot be asked for again.</summary>
    public void SendRaw(
        ReadOnlySpan<byte> payload, uint timestamp, bool marker, byte payloadType, long now, ushort? sequence = null)
    {
        if (!_transport.IsSecure)
            return;
        var stamp = _transport.Stamp(now);
        var packet = _transport.Rent(_header.Length + payload.Length);
        _header.Write(packet, payloadType, marker, sequence ?? Sequence, timestamp, stamp.AbsSendTime, stamp.TransportSequence);
        payload.CopyTo(packet[_header.Length..]);
        _transport.SendRtp(packet, _header.Length + payload.Length, stamp.TransportSequence, now);
        if (sequence is null)
        {
            // Numbers without a packet behind them would shift those in the history.
            if (_sent is not null)
            {
                ref var entry = ref _sent.Add(now);
                entry = default;
                (entry.Sequence, entry.SentAt) = (Sequence, now);
            }
            Sequence++;
        }
        PacketsSent++;
        PayloadBytesSent += payload.Length;
        (_lastTimestamp, _lastFrameAt) = (timestamp, now);
    }

    public void Dispose() => _sent?.Dispose();

    /// <summary>Another number than the media's, and on the same side of 2^15.</summary>
    internal static ushort FirstRtxSequence(ushort first) => (ushort)(first ^ 0x1555);

    internal void OnNack(ushort sequence, long now)
    {
        if (_sent is null || !_sent.TryFind(sequence, out var position))
            return;
        ref var entry = ref _sent.At(position);
        if (entry.Frame is not { } frame || now - entry.AgainAt < Math.Max(MinAgainMicros, RoundTripMicros) || _againBudget <= 0)
            return;
        entry.AgainAt = now;
        var size = frame[entry.Fragment].PayloadLength;
        _againBudget -= size;
        PacketsSentAgain++;
        if (_rtxHeader is { } header)
        {
            var stamp = _transport.Stamp(now);
            var packet = _transport.Rent(header.Length + 2 + size);
            header.Write(packet, Options.RtxPayloadType, entry.Marker, RtxSequence++, entry.Timestamp, stamp.AbsSendTime,
                stamp.TransportSequence);
            BinaryPrimitives.WriteUInt16BigEndian(packet[header.Length..], entry.Sequence);
            frame.WritePayload(entry.Fragment, packet[(header.Length + 2)..]);
            _transport.SendRtp(packet, header.Length + 2 + size, stamp.TransportSequence, now);
        }
        else
        {
            // The very same bytes: two packets under one SRTP index must not differ.
            var packet = _transport.Rent(_header.Length + size);
            _header.Write(packet, entry.PayloadType, entry.Marker, entry.Sequence, entry.Timestamp, entry.AbsSendTime,
                entry.TransportSequence);
            frame.WritePayload(entry.Fragment, packet[_header.Length..]);
            _transport.SendRtp(packet, _header.Length + size, null, now, again: true);
        }
    }

    internal void CountNack() => NacksReceived++;

    internal bool OnPictureLoss(long now)
    {
        KeyFrameRequests++;
        if (now - _keyFrameWantedAt < KeyFrameIntervalMicros)
            return false;
        _keyFrameWantedAt = now;
        return true;
    }

    internal bool OnFullIntraRequest(byte command, long now)
    {
        if (command == _lastFir)
            return false; // The same command, repeated because it might have been lost.
        _lastFir = command;
        return OnPictureLoss(now);
    }

    internal void OnReport(in ReportBlock block, uint ntpMiddleNow)
    {
        FractionLost = block.FractionLost / 256.0;
        if (block.LastSr == 0)
            return;
        var roundTrip = ntpMiddleNow - block.LastSr - block.DelaySinceSr;
        if (roundTrip < 0x8000_0000) // else the other clock ran a little faster than ours
            RoundTripMicros = Math.Max(1, Math.Min(NtpTime.MicrosFromMiddle(roundTrip), 10_000_000));
    }

    internal void WriteSenderInfo(Span<byte> body, ulong ntp, long now)
    {
        var timestamp = _lastTimestamp + (uint)((now - _lastFrameAt) * Options.ClockRate / 1_000_000);
        BinaryPrimitives.WriteUInt64BigEndian(body, ntp);
        BinaryPrimitives.WriteUInt32BigEndian(body[8..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(body[12..], (uint)PacketsSent);
        BinaryPrimitives.WriteUInt32BigEndian(body[16..], (uint)PayloadBytesSent);
    }
}
