using System.Buffers.Binary;
using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

public class MediaTransportTests
{
    const byte PayloadType = 102;
    const byte RtxPayloadType = 103;
    const uint Ssrc = 0x1111;
    const uint RtxSsrc = 0x2222;

    readonly FramePacketiser _packetiser = new();
    readonly H264Stream _stream = new(9);
    readonly List<byte[]> _toReceiver = [];
    readonly List<byte[]> _toSender = [];
    readonly SimulatedPeer _sending;
    readonly SimulatedPeer _receiving;
    readonly SrtpKeys _senderKeys;
    long _now = 1_000_000;
    uint _timestamp;

    public MediaTransportTests()
    {
        var options = new MediaTransportOptions
        {
            Extensions = new RtpExtensionIds(1, 2, 3),
            TransportFeedback = true,
            UnixMicrosAtZero = 1_800_000_000_000_000,
        };
        _sending = new SimulatedPeer(options) { Wire = datagram => _toReceiver.Add(datagram.ToArray()), KeepReports = true };
        _receiving = new SimulatedPeer(options with { ReceiverSsrc = 77 })
        {
            Wire = datagram => _toSender.Add(datagram.ToArray()),
            KeepReports = true,
        };
        var material = new byte[SrtpKeys.MaterialSize(SrtpProfile.AeadAes128Gcm)];
        _senderKeys = SrtpKeys.FromMaterial(SrtpProfile.AeadAes128Gcm, material, true);
        _sending.Transport.Secure(SrtpSession.FromDtls(SrtpProfile.AeadAes128Gcm, material, true), _now);
        _receiving.Transport.Secure(SrtpSession.FromDtls(SrtpProfile.AeadAes128Gcm, material, false), _now);
    }

    [Fact]
    public void Nothing_is_sent_before_there_are_keys()
    {
        var peer = new SimulatedPeer(new MediaTransportOptions()) { Wire = _ => Assert.Fail("A packet in the clear.") };
        var sender = peer.Transport.AddSender(new VideoSenderOptions { Ssrc = 1, PayloadType = PayloadType });
        sender.SendFrame(_packetiser.Packetise(_stream.KeyFrame(), 1_200), 0, 0);
        sender.SendRaw([1, 2, 3], 0, true, PayloadType, 0);
        peer.Transport.Tick(10_000_000);
        peer.Transport.SendBye(0);
        peer.Transport.Receive(new byte[100], 0);
        Assert.Equal(long.MaxValue, peer.Transport.NextTimeout());
    }

    [Fact]
    public void A_packet_asked_for_twice_within_a_round_trip_is_sent_once()
    {
        var sender = AddSender(rtx: true);
        SendFrame(sender, _stream.KeyFrame());
        _toReceiver.Clear();
        Nack(1, 2);
        Assert.Equal(2, _toReceiver.Count);
        _now += 1_000;
        Nack(1, 2);
        Assert.Equal(2, _toReceiver.Count);
        _now += 20_000;
        Nack(2, 3);
        Assert.Equal(4, _toReceiver.Count);
        Nack(60_000);
        Assert.Equal(4, _toReceiver.Count);
        Assert.Equal(4, sender.PacketsSentAgain);
    }

    [Fact]
    public void A_flood_of_requests_does_not_make_a_flood_of_packets()
    {
        var sender = AddSender(rtx: true);
        SendFrame(sender, _stream.KeyFrame(200_000));
        _toReceiver.Clear();
        for (var i = 0; i < 100; i++)
        {
            _now += 20_000;
            Nack([.. Enumerable.Range(0, 180).Select(n => (ushort)n)]);
        }
        Assert.InRange(_toReceiver.Sum(packet => packet.Length), 1, 350_000);
    }

    [Fact]
    public void A_key_frame_is_wanted_once_for_a_burst_of_requests()
    {
        var sender = AddSender(rtx: false);
        SendFrame(sender, _stream.KeyFrame());
        var wanted = 0;
        _sending.KeyFrameWanted = _ => wanted++;
        for (var i = 0; i < 10; i++)
            Feedback((ref RtcpWriter writer) => writer.PictureLoss(77, Ssrc));
        Assert.Equal(1, wanted);
        _now += 300_000;
        Feedback((ref RtcpWriter writer) => writer.FullIntra(77, Ssrc, 5));
        Assert.Equal(2, wanted);
        _now += 300_000;
        Feedback((ref RtcpWriter writer) => writer.FullIntra(77, Ssrc, 5)); // the same command once more
        Feedback((ref RtcpWriter writer) => writer.PictureLoss(77, 0xDEAD)); // not ours
        Assert.Equal(2, wanted);
    }

    [Fact]
    public void Reports_tell_loss_and_the_round_trip()
    {
        var sender = AddSender(rtx: false);
        AddReceiver();
        for (var i = 0; i < 200; i++)
        {
            SendFrame(sender, i == 0 ? _stream.KeyFrame() : _stream.DeltaFrame(500));
            if (i % 10 == 5)
                _toReceiver.RemoveAt(_toReceiver.Count - 1);
            _now += 20_000;
            Pump(_toReceiver, _receiving);
            _now += 20_000;
            Pump(_toSender, _sending);
            _sending.Transport.Tick(_now);
            _receiving.Transport.Tick(_now);
        }
        Assert.InRange(sender.RoundTripMicros, 35_000, 85_000);
        Assert.Contains(_receiving.Received, report => report.SenderReport?.SSRC == Ssrc);
        var blocks = _sending.Received.SelectMany(report => report.ReceiverReport?.ReceptionReports ?? []).ToList();
        Assert.All(blocks, block => Assert.Equal(Ssrc, block.SSRC));
        Assert.Contains(blocks, block => block.FractionLost > 0 || block.PacketsLost > 0);
        Assert.All(_receiving.Received.Where(r => r.SenderReport is not null), r => Assert.NotNull(r.SDesReport));
    }

    [Fact]
    public void A_new_source_takes_the_place_of_the_old_one()
    {
        var receiver = AddReceiver();
        var first = AddSender(rtx: false);
        SendFrame(first, _stream.KeyFrame());
        var late = _toReceiver[^1];
        _toReceiver.RemoveAt(_toReceiver.Count - 1);
        Pump(_toReceiver, _receiving);
        var second = _sending.Transport.AddSender(new VideoSenderOptions { Ssrc = 0x3333, PayloadType = PayloadType, Mid = "0" });
        var key = _stream.KeyFrame();
        SendFrame(second, key);
        Pump(_toReceiver, _receiving);
        _toReceiver.Add(late);
        Pump(_toReceiver, _receiving);
        Assert.Equal(0x3333u, receiver.Ssrc);
        Assert.Equal([key], _receiving.Frames.Select(frame => frame.AccessUnit));
        Assert.Equal(1, _receiving.Transport.Unclaimed);
    }

    [Fact]
    public void A_packet_for_another_mid_is_not_taken()
    {
        var receiver = _receiving.Transport.AddReceiver(new VideoReceiverOptions { PayloadTypes = [PayloadType], Mid = "other" });
        SendFrame(AddSender(rtx: false), _stream.KeyFrame());
        Pump(_toReceiver, _receiving);
        Assert.Equal(0u, receiver.Ssrc);
        Assert.True(_receiving.Transport.Unclaimed > 0);
        Assert.True(_receiving.RtpPackets > 0);
    }

    [Fact]
    public void A_stream_that_is_added_anew_goes_on_with_its_numbers_and_its_retransmissions()
    {
        var receiver = AddReceiver();
        for (var round = 0; round < 5; round++)
        {
            var sender = AddSender(rtx: true);
            Assert.Equal(receiver.Statistics.HasPackets ? receiver.Statistics.Received : 0, sender.Sequence);
            SendFrame(sender, _stream.KeyFrame());
            var lost = _toReceiver[2];
            Pump(_toReceiver, _receiving, lost);
            _now += 10_000;
            _receiving.Transport.Tick(_now);
            Pump(_toSender, _sending);
            Assert.Equal(1, sender.PacketsSentAgain);
            Pump(_toReceiver, _receiving);
            Assert.Equal(round + 1, _receiving.Frames.Count);
            _toReceiver.Add(lost); // late, so that the count of packets is whole again
            Pump(_toReceiver, _receiving);
            _sending.Transport.Remove(sender);
        }
    }

    [Fact]
    public void A_bitrate_that_the_receiver_names_is_not_exceeded()
    {
        AddSender(rtx: false);
        AddReceiver();
        var before = _sending.Transport.TargetBitrate;
        var buffer = new byte[64];
        var writer = new RtcpWriter(buffer);
        writer.Remb(77, Ssrc, before / 2);
        _receiving.Transport.SendRtcp(writer.Written);
        Pump(_toSender, _sending);
        Assert.InRange(_sending.Transport.TargetBitrate, before / 2 - 10, before / 2);
        Assert.Equal([_sending.Transport.TargetBitrate], _sending.Targets);
    }

    [Fact]
    public void Each_packet_tells_when_it_left_and_its_number_on_the_transport()
    {
        var sender = AddSender(rtx: false);
        sender.SendRaw([0x41, 1], 0, true, PayloadType, _now);
        _now += 500_000;
        sender.SendRaw([0x41, 2], 0, true, PayloadType, _now);
        var stamps = _toReceiver.Select(packet =>
        {
            Assert.True(RtpPacketView.TryParse(packet, out var view));
            Assert.True(view.TryGetExtension(packet, 2, out var time));
            Assert.True(view.TryGetExtension(packet, 3, out var number));
            return (Time: time[0] << 16 | time[1] << 8 | time[2], Number: BinaryPrimitives.ReadUInt16BigEndian(number));
        }).ToArray();

        // 2^18 to a second, and wrapping every 64.
        Assert.Equal(1 << 17, stamps[1].Time - stamps[0].Time & 0xFFFFFF);
        Assert.Equal(stamps[0].Number + 1, stamps[1].Number);
    }

    [Fact]
    public void A_retransmission_with_nothing_but_a_number_is_a_probe_and_no_packet()
    {
        var receiver = AddReceiver();
        SendFrame(AddSender(rtx: true), _stream.KeyFrame());
        Pump(_toReceiver, _receiving);
        var probe = _sending.Transport.AddSender(new VideoSenderOptions { Ssrc = RtxSsrc, PayloadType = RtxPayloadType });
        probe.SendRaw([0, 200], _timestamp, false, RtxPayloadType, _now);
        Pump(_toReceiver, _receiving);
        SendFrame((VideoSender)_sending.Transport.Senders[0], _stream.DeltaFrame());
        Pump(_toReceiver, _receiving);
        Assert.Equal(2, _receiving.Frames.Count);
        Assert.Equal(0, receiver.Assembler.Duplicates + receiver.Assembler.Late);
        Assert.Equal(long.MaxValue, receiver.Assembler.NextTimeout());
    }

    [Fact]
    public void A_goodbye_is_passed_on()
    {
        AddSender(rtx: false);
        _sending.Transport.SendBye(_now);
        Pump(_toReceiver, _receiving);
        Assert.Equal([Ssrc], _receiving.Byes);
    }

    [Fact]
    public void Payloads_sent_raw_keep_the_numbers_in_order()
    {
        var sender = AddSender(rtx: true);
        AddReceiver();
        sender.SendRaw([0x06, 1, 2], 0, false, PayloadType, _now);
        SendFrame(sender, _stream.KeyFrame());
        var lost = _toReceiver[3];
        _toReceiver.Remove(lost);
        Pump(_toReceiver, _receiving);
        _now += 10_000;
        _receiving.Transport.Tick(_now);
        Pump(_toSender, _sending);
        Pump(_toReceiver, _receiving);
        Assert.Equal(1, sender.PacketsSentAgain);
        Assert.Single(_receiving.Frames);
    }

    [Fact]
    public void Nothing_is_allocated_for_a_packet_either_way()
    {
        var sender = AddSender(rtx: true);
        AddReceiver();
        var ring = new byte[64][];
        for (var i = 0; i < ring.Length; i++)
            ring[i] = new byte[1_400];
        var lengths = new int[64];
        var count = 0;
        _sending.Wire = datagram =>
        {
            datagram.CopyTo(ring[count]);
            lengths[count++] = datagram.Length;
        };
        _receiving.Wire = static _ => { };
        _sending.KeepReports = _receiving.KeepReports = false;
        _receiving.FrameReceived = static _ => { };
        var accessUnits = Enumerable.Range(0, 8).Select(_ => _stream.DeltaFrame(20_000)).Prepend(_stream.KeyFrame()).ToArray();

        void Run(int frames)
        {
            for (var i = 0; i < frames; i++)
            {
                _now += 33_333;
                _timestamp += 3_000;
                count = 0;
                var frame = _packetiser.Packetise(accessUnits[i % accessUnits.Length], 1_200);
                sender.SendFrame(frame, _timestamp, _now);
                frame.Release();
                for (var p = 0; p < count; p++)
                    _receiving.Transport.Receive(ring[p].AsSpan(0, lengths[p]), _now + 5_000 + p);
                _sending.Transport.Tick(_now);
                _receiving.Transport.Tick(_now);
            }
        }

        Run(300);
        var packets = sender.PacketsSent;
        var delivered = _receiving.Transport.Receivers[0].Assembler.FramesDelivered;
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(900);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        packets = sender.PacketsSent - packets;
        delivered = _receiving.Transport.Receivers[0].Assembler.FramesDelivered - delivered;
        Assert.Equal(900, delivered);
        // The arrays of the frames handed out are the application's own.
        var frameArrays = Enumerable.Range(0, 900).Sum(i => accessUnits[i % accessUnits.Length].Length + 32L);
        Assert.InRange(allocated - frameArrays, -20_000, packets);
    }

    [Fact]
    public void Genuine_packets_with_mutated_contents_do_no_harm()
    {
        var sender = AddSender(rtx: true);
        AddReceiver();
        using var evil = new SrtpDirection(_senderKeys);
        for (var i = 0; i < 30; i++)
            SendFrame(sender, i % 10 == 0 ? _stream.KeyFrame(3_000) : _stream.DeltaFrame(700));
        var material = new byte[SrtpKeys.MaterialSize(SrtpProfile.AeadAes128Gcm)];
        using var reader = SrtpSession.FromDtls(SrtpProfile.AeadAes128Gcm, material, false);
        var pool = new List<byte[]>();
        foreach (var packet in _toReceiver)
        {
            if (!MediaTransport.IsRtcp(packet))
                pool.Add(packet[..reader.Inbound.UnprotectRtp(packet, packet.Length)]);
        }
        byte[] compound =
        [
            .. new RTCPSenderReport(Ssrc, 2, 3, 4, 5, [new ReceptionReportSample(Ssrc, 12, 3, 70_000, 9, 10, 11)]).GetBytes(),
            .. new RTCPFeedback(1, Ssrc, RTCPFeedbackTypesEnum.NACK, 100, 0x8001).GetBytes(),
            .. new RTCPFeedback(1, Ssrc, PSFBFeedbackTypesEnum.FIR).GetBytes(),
            .. new RTCPFeedback(1, 0, PSFBFeedbackTypesEnum.AFB) { UniqueID = "REMB", BitrateMantissa = 100_000 }.GetBytes(),
            .. Twcc(),
        ];
        pool.Add(compound);
        pool.Add(compound);

        var random = new Random(11);
        var buffer = new byte[1_400];
        _toReceiver.Clear();
        _receiving.FrameReceived = _ => { };
        _receiving.KeepReports = false;
        // The receiver also sends, so that feedback has something to act on.
        var back = _receiving.Transport.AddSender(new VideoSenderOptions { Ssrc = Ssrc, PayloadType = PayloadType });
        _receiving.Wire = static _ => { };
        ushort sequence = 1;
        for (var i = 0; i < 300_000; i++)
        {
            var packet = pool[random.Next(10) == 0 ? pool.Count - 1 : random.Next(pool.Count)];
            packet.CopyTo(buffer, 0);
            var length = packet.Length;
            var rtcp = MediaTransport.IsRtcp(packet);
            for (var flips = random.Next(8); flips > 0; flips--)
                buffer[random.Next(rtcp ? 2 : 1, Math.Min(length, 80))] = (byte)random.Next(256);
            _now += random.Next(3_000);
            if (rtcp)
            {
                BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(4), Ssrc);
                length = evil.ProtectRtcp(buffer, length);
            }
            else
            {
                if (random.Next(20) != 0)
                    BinaryPrimitives.WriteUInt32BigEndian(buffer.AsSpan(8), random.Next(4) == 0 ? RtxSsrc : Ssrc);
                if (MediaTransport.IsRtcp(buffer))
                    continue;
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), sequence++);
                length = evil.ProtectRtp(buffer, length);
            }
            if (length > 0)
                _receiving.Transport.Receive(buffer.AsSpan(0, length), _now);
            if (i % 32 == 0)
            {
                _receiving.Transport.Tick(_now);
                back.SendFrame(_packetiser.Packetise(_stream.DeltaFrame(50), 1_200), (uint)i, _now);
            }
            if (_receiving.Transport.TargetBitrate is < 60_000 or > 20_000_000)
                Assert.Fail("The estimate left its limits.");
        }
        Assert.InRange(_receiving.Transport.NextTimeout(), 0, _now + 5_000_000);
    }

    static byte[] Twcc()
    {
        var recorder = new TwccRecorder();
        for (ushort i = 1; i < 60; i += (ushort)(1 + i % 3))
            recorder.OnPacket(i, 1_000_000 + i * 20_000);
        var buffer = new byte[1_300];
        return buffer[..recorder.WriteFeedback(buffer, 1, 2)];
    }

    VideoSender AddSender(bool rtx) => _sending.Transport.AddSender(new VideoSenderOptions
    {
        Ssrc = Ssrc,
        RtxSsrc = rtx ? RtxSsrc : 0,
        PayloadType = PayloadType,
        RtxPayloadType = RtxPayloadType,
        Mid = "0",
    });

    VideoReceiver AddReceiver() => _receiving.Transport.AddReceiver(new VideoReceiverOptions
    {
        PayloadTypes = [PayloadType],
        RtxPayloadTypes = new Dictionary<byte, byte> { [RtxPayloadType] = PayloadType },
        Mid = "0",
    });

    void SendFrame(VideoSender sender, byte[] accessUnit)
    {
        var frame = _packetiser.Packetise(accessUnit, 1_200);
        sender.SendFrame(frame, _timestamp += 3_000, _now);
        frame.Release();
    }

    void Nack(params ushort[] sequences) => Feedback((ref RtcpWriter writer) => writer.Nack(77, Ssrc, sequences));

    delegate void Write(ref RtcpWriter writer);

    void Feedback(Write write)
    {
        var writer = new RtcpWriter(new byte[1_200]);
        write(ref writer);
        _receiving.Transport.SendRtcp(writer.Written);
        Pump(_toSender, _sending);
    }

    void Pump(List<byte[]> datagrams, SimulatedPeer to, byte[]? lost = null)
    {
        foreach (var datagram in datagrams.Where(datagram => datagram != lost).ToArray())
            to.Transport.Receive(datagram, _now);
        datagrams.Clear();
    }
}
