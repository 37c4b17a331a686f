using System.Buffers.Binary;

namespace SIPSorcery.Net;

/// <summary>
/// RTP and RTCP with one peer over one 5-tuple: streams both ways, reports, feedback, retransmission and the bitrate estimate,
/// with SRTP beneath. Owns no socket, thread or clock, and is not thread-safe: packets and the time come in by its methods,
/// datagrams and events go out through <see cref="IMediaTransportOwner"/>. After each call, <see cref="NextTimeout"/> says when
/// <see cref="Tick"/> is due.
/// </summary>
internal sealed class MediaTransport : IDisposable
{
    const int MaxStreams = 32;
    const int MaxRtcp = 1200;
    const int TwccRoom = TwccReader.FixedSize + 1160;
    const long TwccIntervalMicros = 60_000;
    const long RembIntervalMicros = 500_000;
    const double NoticeableChange = 0.03;

    readonly IMediaTransportOwner _owner;
    readonly MediaTransportOptions _options;
    readonly List<VideoSender> _senders = [];
    readonly List<VideoReceiver> _receivers = [];
    readonly Dictionary<uint, ushort> _resumeAt = [];
    readonly SendLog _sendLog = new();
    readonly TwccRecorder _arrivals = new();
    readonly BandwidthEstimate _sendEstimate;
    readonly BandwidthEstimate _receiveEstimate;
    SrtpSession? _srtp;
    ushort _transportSequence = 1;
    long _twccAt = long.MaxValue;
    long _rembAt = long.MaxValue;
    long _reportAt = long.MaxValue;
    uint _jitter;
    long _reference;
    long _absSendTime = -1;
    bool _hasTransportFeedback;
    long _remb = long.MaxValue;
    long _announced;
    uint _twccMedia;

    public MediaTransport(IMediaTransportOwner owner, MediaTransportOptions options)
    {
        _owner = owner;
        _options = options;
        _jitter = options.ReceiverSsrc ^ 0x9E37_79B9;
        _sendEstimate = new BandwidthEstimate(options.StartBitrate, options.MinBitrate, options.MaxBitrate);
        _receiveEstimate = new BandwidthEstimate(options.StartBitrate, options.MinBitrate, options.MaxBitrate);
        _announced = TargetBitrate;
    }

    public IReadOnlyList<VideoSender> Senders => _senders;
    public IReadOnlyList<VideoReceiver> Receivers => _receivers;

    /// <summary>Whether keys are there, so that packets can go and come.</summary>
    public bool IsSecure => _srtp is not null;

    /// <summary>Bits per second that the way to the peer carries, as far as known, within the limits of the options.</summary>
    public long TargetBitrate => Math.Max(_options.MinBitrate, Math.Min(_sendEstimate.Bitrate, _remb));

    /// <summary>Datagrams that were not RTP or RTCP after decryption.</summary>
    public long Malformed { get; private set; }
    /// <summary>RTP packets that belong to no stream.</summary>
    public long Unclaimed { get; private set; }
    /// <summary>Transport-wide feedback packets received.</summary>
    public long TransportFeedbackReceived { get; private set; }

    uint LocalSsrc => _senders.Count > 0 ? _senders[0].Options.Ssrc : _options.ReceiverSsrc;

    /// <summary>Starts protection with the keys of the DTLS handshake, which this transport then owns.</summary>
    public void Secure(SrtpSession srtp, long now)
    {
        _srtp?.Dispose();
        _srtp = srtp;
        _reportAt = now + _options.ReportIntervalMicros / 2;
    }

    public VideoSender AddSender(VideoSenderOptions options)
    {
        if (_senders.Count == MaxStreams)
            throw new InvalidOperationException($"A transport carries at most {MaxStreams} streams each way.");
        var sender = new VideoSender(this, options, _options.Extensions)
        {
            Sequence = _resumeAt.GetValueOrDefault(options.Ssrc, options.FirstSequence),
            RtxSequence = _resumeAt.GetValueOrDefault(options.RtxSsrc, VideoSender.FirstRtxSequence(options.FirstSequence)),
        };
        _senders.Add(sender);
        return sender;
    }

    public void Remove(VideoSender sender)
    {
        if (!_senders.Remove(sender))
            return;
        // Should the source come back, as after a renegotiation, its numbers go on: SRTP allows none of them twice.
        if (_resumeAt.Count >= 2 * MaxStreams)
            _resumeAt.Clear();
        _resumeAt[sender.Options.Ssrc] = sender.Sequence;
        if (sender.Options.RtxSsrc != 0)
            _resumeAt[sender.Options.RtxSsrc] = sender.RtxSequence;
        sender.Dispose();
    }

    public VideoReceiver AddReceiver(VideoReceiverOptions options)
    {
        if (_receivers.Count == MaxStreams)
            throw new InvalidOperationException($"A transport carries at most {MaxStreams} streams each way.");
        var receiver = new VideoReceiver(options);
        _receivers.Add(receiver);
        return receiver;
    }

    public void Remove(VideoReceiver receiver) => _receivers.Remove(receiver);

    /// <summary>Whether a datagram of the RTP range (RFC 7983: first byte 128 to 191) is RTCP (RFC 5761).</summary>
    public static bool IsRtcp(ReadOnlySpan<byte> datagram) => datagram.Length > 1 && datagram[1] is >= 192 and <= 223;

    /// <summary>Takes in a protected RTP or RTCP datagram, which is decrypted in place.</summary>
    public void Receive(Span<byte> datagram, long now)
    {
        if (_srtp is not { Inbound: var inbound })
            return;
        if (IsRtcp(datagram))
        {
            var length = inbound.UnprotectRtcp(datagram, datagram.Length);
            if (length >= 0)
                ReceiveRtcp(datagram[..length], now);
        }
        else
        {
            var length = inbound.UnprotectRtp(datagram, datagram.Length);
            if (length >= 0)
                ReceiveRtp(datagram[..length], now);
        }
    }

    /// <summary>Does what is due: asks for what is missing, reports, and gives up what is late.</summary>
    public void Tick(long now)
    {
        if (_srtp is null)
            return;
        foreach (var receiver in _receivers)
        {
            receiver.Assembler.Tick(now);
            DeliverFrames(receiver);
            SendRequests(receiver, now);
        }
        if (now >= _twccAt)
            SendTransportFeedback(now);
        if (now >= _rembAt)
            SendRemb(now);
        if (now >= _reportAt)
            SendReports(now);
    }

    /// <summary>
    /// When <see cref="Tick"/> is due next; <see cref="long.MaxValue"/> stands for "not before a packet comes".
    /// </summary>
    public long NextTimeout()
    {
        if (_srtp is null)
            return long.MaxValue;
        var next = Math.Min(_reportAt, Math.Min(_twccAt, _rembAt));
        foreach (var receiver in _receivers)
            next = Math.Min(next, receiver.Assembler.NextTimeout());
        return next;
    }

    /// <summary>Tells how long the way to the peer and back takes, where that is known, for instance from STUN.</summary>
    public void SetRoundTrip(long micros)
    {
        foreach (var receiver in _receivers)
            receiver.Assembler.RoundTripMicros = micros;
    }

    /// <summary>Tells the other side that the streams end.</summary>
    public void SendBye(long now)
    {
        if (_srtp is null)
            return;
        Span<byte> buffer = stackalloc byte[MaxRtcp];
        var writer = new RtcpWriter(buffer);
        writer.EmptyReport(LocalSsrc);
        writer.Description(LocalSsrc, _options.Cname);
        writer.Bye(LocalSsrc);
        SendRtcp(writer.Written);
    }

    /// <summary>Sends RTCP packets of the caller's own: a whole compound, or feedback, in the clear.</summary>
    public void SendRtcp(ReadOnlySpan<byte> datagram)
    {
        if (_srtp is null)
            return;
        _owner.OnRtcp(datagram, sent: true);
        var buffer = _owner.RentDatagram(datagram.Length + SrtpDirection.MaxOverhead);
        datagram.CopyTo(buffer);
        _owner.Send(Math.Max(0, _srtp.Outbound.ProtectRtcp(buffer, datagram.Length)));
    }

    public void Dispose()
    {
        foreach (var sender in _senders)
            sender.Dispose();
        _senders.Clear();
        _receivers.Clear();
        _srtp?.Dispose();
        _srtp = null;
    }

    internal SendStamp Stamp(long now) => new(NtpTime.AbsSendTime(Ntp(now)),
        _options.Extensions.TransportSequence == 0 ? (ushort)0 : _transportSequence++);

    internal Span<byte> Rent(int size) => _owner.RentDatagram(size + SrtpDirection.MaxOverhead);

    internal void SendRtp(Span<byte> packet, int length, ushort? transportSequence, long now, bool again = false)
    {
        var size = _srtp?.Outbound.ProtectRtp(packet, length, again) ?? 0;
        if (size > 0 && transportSequence is { } sequence && _options.Extensions.TransportSequence != 0)
            _sendLog.Add(sequence, size, now);
        _owner.Send(Math.Max(0, size));
    }

    ulong Ntp(long now) => NtpTime.FromUnixMicros(_options.UnixMicrosAtZero + now);

    void ReceiveRtp(ReadOnlySpan<byte> packet, long now)
    {
        if (!RtpPacketView.TryParse(packet, out var view))
        {
            Malformed++;
            return;
        }
        NoteArrival(view, packet, now);
        var receiver = FindReceiver(view, packet, now);
        if (receiver is null)
        {
            Unclaimed++;
        }
        else
        {
            receiver.Insert(view, packet, now);
            DeliverFrames(receiver);
        }
        _owner.OnRtp(receiver, view, packet);
        if (receiver?.Assembler.NextTimeout() <= now)
            SendRequests(receiver, now);
    }

    void NoteArrival(in RtpPacketView view, ReadOnlySpan<byte> packet, long now)
    {
        if (_options.TransportFeedback
            && view.TryGetExtension(packet, _options.Extensions.TransportSequence, out var sequence) && sequence.Length == 2)
        {
            _arrivals.OnPacket(BinaryPrimitives.ReadUInt16BigEndian(sequence), now);
            _twccMedia = view.Ssrc;
            if (_twccAt == long.MaxValue)
                _twccAt = now + TwccIntervalMicros;
        }
        else if (_options.Remb && !_options.TransportFeedback
            && view.TryGetExtension(packet, _options.Extensions.AbsSendTime, out var time) && time.Length == 3)
        {
            // 24 bits that wrap every 64 seconds, 2^18 to a second.
            var raw = time[0] << 16 | time[1] << 8 | time[2];
            _absSendTime = _absSendTime < 0 ? raw : _absSendTime + ((raw - (int)_absSendTime << 8) >> 8);
            _receiveEstimate.OnArrival(_absSendTime * 1_000_000 >> 18, now, packet.Length);
            _twccMedia = view.Ssrc;
            if (_rembAt == long.MaxValue)
                _rembAt = now + RembIntervalMicros;
        }
    }

    VideoReceiver? FindReceiver(in RtpPacketView view, ReadOnlySpan<byte> packet, long now)
    {
        foreach (var receiver in _receivers)
        {
            if (view.Ssrc == receiver.Ssrc || view.Ssrc == receiver.RtxSsrc && view.Ssrc != 0)
                return receiver;
        }
        view.TryGetExtension(packet, _options.Extensions.Mid, out var mid);
        foreach (var receiver in _receivers)
        {
            if (receiver.Claims(view, mid, now))
                return receiver;
        }
        return null;
    }

    void DeliverFrames(VideoReceiver receiver)
    {
        while (receiver.Assembler.TryTake(out var frame))
            _owner.OnFrame(receiver, frame);
    }

    void SendRequests(VideoReceiver receiver, long now)
    {
        Span<ushort> missing = stackalloc ushort[256];
        var count = receiver.Assembler.TakeMissing(missing, now);
        var wantsKeyFrame = receiver.Assembler.TakeKeyFrameRequest(now) && (receiver.Options.Pli || receiver.Options.Fir);
        if (count == 0 && !wantsKeyFrame)
            return;

        Span<byte> buffer = stackalloc byte[MaxRtcp];
        var writer = new RtcpWriter(buffer);
        if (!_options.ReducedSize)
            writer.EmptyReport(LocalSsrc);
        if (wantsKeyFrame)
        {
            receiver.KeyFrameRequestsSent++;
            if (receiver.Options.Pli)
                writer.PictureLoss(LocalSsrc, receiver.Ssrc);
            else
                writer.FullIntra(LocalSsrc, receiver.Ssrc, receiver.NextFirCommand());
        }
        if (count > 0)
            receiver.NacksSent += writer.Nack(LocalSsrc, receiver.Ssrc, missing[..count]);
        SendRtcp(writer.Written);
    }

    void SendTransportFeedback(long now)
    {
        _twccAt = long.MaxValue;
        Span<byte> buffer = stackalloc byte[MaxRtcp + 64];
        while (_arrivals.HasNews)
        {
            var writer = new RtcpWriter(buffer);
            if (!_options.ReducedSize)
                writer.EmptyReport(LocalSsrc);
            var length = _arrivals.WriteFeedback(buffer[writer.Length..], LocalSsrc, _twccMedia);
            if (length == 0)
                return;
            SendRtcp(buffer[..(writer.Length + length)]);
        }
    }

    void SendRemb(long now)
    {
        _rembAt = now + RembIntervalMicros;
        if (_receiveEstimate.Throughput <= 0)
        {
            _rembAt = long.MaxValue; // Until packets come again.
            return;
        }
        _receiveEstimate.Update(now);
        Span<byte> buffer = stackalloc byte[64];
        var writer = new RtcpWriter(buffer);
        if (!_options.ReducedSize)
            writer.EmptyReport(LocalSsrc);
        writer.Remb(LocalSsrc, _twccMedia, _receiveEstimate.Bitrate);
        SendRtcp(writer.Written);
    }

    void SendReports(long now)
    {
        // Half an interval to one and a half, so that peers do not fall into step.
        _jitter = _jitter * 1_664_525 + 1_013_904_223;
        var interval = _options.ReportIntervalMicros;
        _reportAt = now + interval / 2 + (long)(interval * (_jitter >> 8) / (double)(1 << 24));

        Span<ReportBlock> blocks = stackalloc ReportBlock[MaxStreams];
        var count = 0;
        foreach (var receiver in _receivers)
        {
            if (receiver.Statistics.HasPackets && count < 31)
                blocks[count++] = receiver.Statistics.TakeReport(receiver.Ssrc, now);
        }
        Span<byte> buffer = stackalloc byte[MaxRtcp + MaxStreams * 64 + 1024];
        var writer = new RtcpWriter(buffer);
        foreach (var sender in _senders)
        {
            if (!sender.HasSent)
                continue;
            var body = writer.Begin(RTCPReportTypesEnum.SR, count, RTCPSenderReport.MIN_PACKET_SIZE + count * ReportBlock.Size,
                sender.Options.Ssrc);
            sender.WriteSenderInfo(body, Ntp(now), now);
            Write(blocks[..count], body[RTCPSenderReport.SENDER_PAYLOAD_SIZE..]);
            count = 0; // Once is enough.
        }
        if (count > 0 || writer.Length == 0)
            Write(blocks[..count], writer.Begin(RTCPReportTypesEnum.RR, count, 8 + count * ReportBlock.Size, LocalSsrc));
        writer.Description(LocalSsrc, _options.Cname);
        SendRtcp(writer.Written);

        static void Write(ReadOnlySpan<ReportBlock> blocks, Span<byte> body)
        {
            for (var i = 0; i < blocks.Length; i++)
                blocks[i].Write(body[(i * ReportBlock.Size)..]);
        }
    }

    void ReceiveRtcp(ReadOnlySpan<byte> datagram, long now)
    {
        var reader = new RtcpReader(datagram);
        while (reader.MoveNext())
        {
            var packet = reader.Packet;
            switch (reader.Type)
            {
                case RTCPReportTypesEnum.SR when packet.Length >= RTCPSenderReport.MIN_PACKET_SIZE:
                    OnSenderReport(packet, now);
                    OnReportBlocks(packet[RTCPSenderReport.MIN_PACKET_SIZE..], reader.Count, now);
                    break;
                case RTCPReportTypesEnum.RR when packet.Length >= RTCPReceiverReport.MIN_PACKET_SIZE:
                    OnReportBlocks(packet[RTCPReceiverReport.MIN_PACKET_SIZE..], reader.Count, now);
                    break;
                case RTCPReportTypesEnum.BYE when packet.Length >= RTCPBye.MIN_PACKET_SIZE && reader.Count > 0:
                    _owner.OnBye(BinaryPrimitives.ReadUInt32BigEndian(packet[4..]));
                    break;
                case RTCPReportTypesEnum.RTPFB when packet.Length >= 12:
                    OnTransportFeedback(packet, (RTCPFeedbackTypesEnum)reader.Count, now);
                    break;
                case RTCPReportTypesEnum.PSFB when packet.Length >= 12:
                    OnPayloadFeedback(packet, (PSFBFeedbackTypesEnum)reader.Count, now);
                    break;
            }
        }
        if (reader.Consumed == 0)
        {
            Malformed++;
            return;
        }
        _owner.OnRtcp(datagram, sent: false);
    }

    void OnSenderReport(ReadOnlySpan<byte> packet, long now)
    {
        var ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        foreach (var receiver in _receivers)
        {
            if (receiver.Ssrc == ssrc)
                receiver.Statistics.OnSenderReport(BinaryPrimitives.ReadUInt64BigEndian(packet[8..]), now);
        }
    }

    void OnReportBlocks(ReadOnlySpan<byte> blocks, int count, long now)
    {
        for (; count > 0 && blocks.Length >= ReportBlock.Size; count--, blocks = blocks[ReportBlock.Size..])
        {
            var block = new ReportBlock(blocks);
            if (FindSender(block.Ssrc) is not { } sender)
                continue;
            sender.OnReport(block, NtpTime.Middle(Ntp(now)));
            if (sender.RoundTripMicros > 0)
                SetRoundTrip(sender.RoundTripMicros);
            if (!_hasTransportFeedback)
            {
                _sendEstimate.OnLossFraction(sender.FractionLost, now);
                AnnounceBitrate();
            }
        }
    }

    void OnTransportFeedback(ReadOnlySpan<byte> packet, RTCPFeedbackTypesEnum type, long now)
    {
        if (type == RTCPFeedbackTypesEnum.TWCC)
        {
            OnArrivalFeedback(packet, now);
            return;
        }
        if (type != RTCPFeedbackTypesEnum.NACK || FindSender(BinaryPrimitives.ReadUInt32BigEndian(packet[8..])) is not { } sender)
            return;
        sender.CountNack();
        for (var entries = packet[12..]; entries.Length >= 4; entries = entries[4..])
        {
            var first = BinaryPrimitives.ReadUInt16BigEndian(entries);
            sender.OnNack(first, now);
            for (int bits = BinaryPrimitives.ReadUInt16BigEndian(entries[2..]), next = 1; bits != 0; bits >>= 1, next++)
            {
                if ((bits & 1) != 0)
                    sender.OnNack((ushort)(first + next), now);
            }
        }
    }

    void OnArrivalFeedback(ReadOnlySpan<byte> packet, long now)
    {
        if (!TwccReader.TryOpen(packet, out var reader))
        {
            Malformed++;
            return;
        }
        TransportFeedbackReceived++;
        // 24 bits that wrap every twelve days.
        var step = ((int)reader.ReferenceTime - (int)_reference << 8) >> 8;
        _reference = _hasTransportFeedback ? _reference + step : reader.ReferenceTime;
        _hasTransportFeedback = true;
        var arrival = _reference * TwccReader.ReferenceMicros;
        var lost = 0;
        while (reader.MoveNext())
        {
            if (reader.Received)
                arrival += reader.DeltaTicks * TwccReader.TickMicros;
            if (!_sendLog.TryTake(reader.Sequence, out var sentAt, out var size))
                continue;
            if (reader.Received)
                _sendEstimate.OnArrival(sentAt, arrival, size);
            else
                lost++;
        }
        _sendEstimate.OnLoss(lost);
        _sendEstimate.Update(now);
        AnnounceBitrate();
    }

    void OnPayloadFeedback(ReadOnlySpan<byte> packet, PSFBFeedbackTypesEnum type, long now)
    {
        switch (type)
        {
            case PSFBFeedbackTypesEnum.PLI:
                if (FindSender(BinaryPrimitives.ReadUInt32BigEndian(packet[8..])) is { } sender && sender.OnPictureLoss(now))
                    _owner.OnKeyFrameWanted(sender);
                break;
            case PSFBFeedbackTypesEnum.FIR:
                for (var entries = packet[12..]; entries.Length >= 8; entries = entries[8..])
                {
                    var ssrc = BinaryPrimitives.ReadUInt32BigEndian(entries);
                    if (FindSender(ssrc) is { } asked && asked.OnFullIntraRequest(entries[4], now))
                        _owner.OnKeyFrameWanted(asked);
                }
                break;
            case PSFBFeedbackTypesEnum.AFB when packet.Length >= 20 && packet[12..16].SequenceEqual("REMB"u8):
                var mantissa = (long)(packet[17] & 3) << 16 | (long)packet[18] << 8 | packet[19];
                var exponent = packet[17] >> 2;
                _remb = exponent > 40 ? long.MaxValue : mantissa << exponent;
                AnnounceBitrate();
                break;
        }
    }

    VideoSender? FindSender(uint ssrc)
    {
        foreach (var sender in _senders)
        {
            if (sender.Options.Ssrc == ssrc || sender.Options.RtxSsrc == ssrc && ssrc != 0)
                return sender;
        }
        return null;
    }

    void AnnounceBitrate()
    {
        var target = TargetBitrate;
        if (Math.Abs(target - _announced) < NoticeableChange * _announced)
            return;
        _announced = target;
        _owner.OnTargetBitrate(target);
    }
}
