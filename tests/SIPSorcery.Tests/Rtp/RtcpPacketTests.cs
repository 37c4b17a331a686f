using SIPSorcery.core;
using SIPSorcery.Net;
using SIPSorceryMedia.Abstractions;

namespace SIPSorcery.Tests.Rtp;

public class RtcpPacketTests
{
    [Fact]
    public void A_compound_packet_survives_the_way_through_bytes()
    {
        var sample = new ReceptionReportSample(5, 12, -3, 70_000, 9, 10, 11);
        var compound = new RTCPCompoundPacket(new RTCPSenderReport(1, 2, 3, 4, 5, [sample]), new RTCPSDesReport(1, "someone"))
        {
            Bye = new RTCPBye(1, "done"),
            Feedback = new RTCPFeedback(1, 2, PSFBFeedbackTypesEnum.PLI),
        };
        var copy = new RTCPCompoundPacket(compound.GetBytes());
        Assert.Equal((1u, 2ul, 3u, 4u, 5u), (copy.SenderReport!.SSRC, copy.SenderReport.NtpTimestamp, copy.SenderReport.RtpTimestamp,
            copy.SenderReport.PacketCount, copy.SenderReport.OctetCount));
        var block = Assert.Single(copy.SenderReport.ReceptionReports!);
        Assert.Equal((5u, 12, -3, 70_000u, 9u, 10u, 11u), (block.SSRC, block.FractionLost, block.PacketsLost,
            block.ExtendedHighestSequenceNumber, block.Jitter, block.LastSenderReportTimestamp, block.DelaySinceLastSenderReport));
        Assert.Equal("someone", copy.SDesReport!.CNAME);
        Assert.Equal("done", copy.Bye!.Reason);
        Assert.Equal(PSFBFeedbackTypesEnum.PLI, copy.Feedback!.Header.PayloadFeedbackMessageType);
        Assert.Equal(compound.GetBytes(), copy.GetBytes());
        Assert.Contains("someone", copy.GetDebugSummary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Feedback_of_each_kind_survives_the_way_through_bytes()
    {
        var nack = new RTCPFeedback(new RTCPFeedback(1, 2, RTCPFeedbackTypesEnum.NACK, 100, 0x8001).GetBytes());
        Assert.Equal((1u, 2u, 100, 0x8001), (nack.SenderSSRC, nack.MediaSSRC, nack.PID, nack.BLP));
        var fir = new RTCPFeedback(new RTCPFeedback(1, 2, PSFBFeedbackTypesEnum.FIR) { FCI = 7u << 24 }.GetBytes());
        Assert.Equal((2u, 7u << 24), (fir.FeedbackSSRC, fir.FCI));
        var remb = new RTCPFeedback(new RTCPFeedback(1, 0, PSFBFeedbackTypesEnum.AFB)
        {
            UniqueID = "REMB",
            NumSsrcs = 2,
            BitrateExp = 5,
            BitrateMantissa = 200_000,
            FeedbackSSRCs = [8, 9],
        }.GetBytes());
        Assert.Equal(("REMB", 5, 200_000u), (remb.UniqueID, remb.BitrateExp, remb.BitrateMantissa));
        Assert.Equal([8u, 9u], remb.FeedbackSSRCs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(262_143)]
    [InlineData(262_144)]
    [InlineData(1_500_000)]
    [InlineData(40_000_000_000)]
    public void A_bitrate_keeps_18_bits_of_precision(long bitrate)
    {
        var (exponent, mantissa) = RTCPFeedback.EncodeBitrate((ulong)bitrate);
        Assert.InRange(mantissa, 0u, (1u << 18) - 1);
        Assert.InRange((long)mantissa << exponent, bitrate - (bitrate >> 17), bitrate);
    }

    [Fact]
    public void Nacks_name_exactly_what_is_missing()
    {
        ushort[] missing = [65_530, 65_535, 0, 10, 11, 27, 28, 500];
        var buffer = new byte[200];
        var writer = new RtcpWriter(buffer);
        Assert.Equal(missing.Length, writer.Nack(1, 2, missing));
        var named = new List<ushort>();
        for (var i = 12; i < writer.Length; i += 4)
        {
            var first = (ushort)(buffer[i] << 8 | buffer[i + 1]);
            named.Add(first);
            for (var bit = 0; bit < 16; bit++)
            {
                if (((buffer[i + 2] << 8 | buffer[i + 3]) >> bit & 1) != 0)
                    named.Add((ushort)(first + bit + 1));
            }
        }
        Assert.Equal(missing, named);
    }

    [Fact]
    public void Arrivals_reported_are_those_that_were_recorded()
    {
        var random = new Random(4);
        var recorder = new TwccRecorder();
        var sent = new List<(ushort Sequence, long Arrival)>();
        var reported = new Dictionary<ushort, long>();
        var lost = new HashSet<ushort>();
        var (sequence, now) = ((ushort)65_000, 5_000_000L);
        var buffer = new byte[1_300];
        for (var round = 0; round < 200; round++)
        {
            for (var i = random.Next(1, 120); i > 0; i--, sequence++)
            {
                now += random.Next(10) == 0 ? random.Next(300_000) : random.Next(3_000);
                if (random.Next(5) == 0)
                    continue;
                recorder.OnPacket(sequence, now);
                sent.Add((sequence, now));
            }
            long? reference = null;
            while (recorder.WriteFeedback(buffer, 1, 2) is var length and > 0)
            {
                Assert.Equal(0, length % 4);
                Assert.True(RTCPCompoundPacket.TryParse(buffer.AsSpan(0, length), out var compound, out var consumed));
                Assert.Equal(length, consumed);
                var feedback = compound.TWCCFeedback!;
                Assert.True(TwccReader.TryOpen(buffer.AsSpan(0, length), out var reader));
                Assert.Equal(reader.StatusCount, feedback.PacketStatuses.Count);
                var time = (reference = reader.ReferenceTime * 64_000L).Value;
                while (reader.MoveNext())
                {
                    time += reader.DeltaTicks * 250;
                    if (reader.Received)
                        reported[reader.Sequence] = time;
                    else
                        lost.Add(reader.Sequence);
                }
                Assert.False(reader.Failed);
                var again = new RTCPTWCCFeedback(feedback.GetBytes());
                Assert.Equal(feedback.PacketStatuses.Select(s => (s.SequenceNumber, s.Status, s.Delta)),
                    again.PacketStatuses.Select(s => (s.SequenceNumber, s.Status, s.Delta)));
            }
            Assert.All(sent, packet => Assert.InRange(packet.Arrival - reported[packet.Sequence], 0, 250));
            Assert.DoesNotContain(sent, packet => lost.Contains(packet.Sequence));
            sent.Clear();
            reported.Clear();
            lost.Clear();
        }
    }

    [Fact]
    public void A_million_mutated_datagrams_are_read_or_refused()
    {
        var random = new Random(6);
        var recorder = new TwccRecorder();
        for (ushort i = 0; i < 60; i += (ushort)(1 + i % 3))
            recorder.OnPacket(i, 1_000_000 + i * 20_000);
        var twcc = new byte[1_300];
        twcc = twcc[..recorder.WriteFeedback(twcc, 1, 2)];
        byte[] compound =
        [
            .. new RTCPSenderReport(1, 2, 3, 4, 5, [new ReceptionReportSample(5, 12, 3, 70_000, 9, 10, 11)]).GetBytes(),
            .. new RTCPSDesReport(1, "someone").GetBytes(),
            .. new RTCPFeedback(1, 2, RTCPFeedbackTypesEnum.NACK, 100, 0x8001).GetBytes(),
            .. new RTCPFeedback(1, 0, PSFBFeedbackTypesEnum.AFB) { UniqueID = "REMB", NumSsrcs = 1 }.GetBytes(),
            .. twcc,
            .. new RTCPBye(1, "done").GetBytes(),
        ];
        var buffer = new byte[compound.Length];
        var read = 0;
        for (var i = 0; i < 1_000_000; i++)
        {
            compound.CopyTo(buffer, 0);
            var start = i % 3 == 0 ? compound.Length - 16 - twcc.Length : 0;
            var length = random.Next(4) == 0 ? random.Next(compound.Length - start) : compound.Length - start;
            for (var flips = random.Next(6); flips > 0; flips--)
                buffer[random.Next(start, compound.Length)] = (byte)random.Next(256);
            var datagram = buffer.AsSpan(start, length);
            var reader = new RtcpReader(datagram);
            while (reader.MoveNext())
            {
                if (reader.Type == RTCPReportTypesEnum.RTPFB && TwccReader.TryOpen(reader.Packet, out var statuses))
                {
                    for (var n = 0; n < 300 && statuses.MoveNext(); n++)
                        read++;
                }
            }
            if (i % 8 == 0 && RTCPCompoundPacket.TryParse(datagram, out var parsed, out var consumed))
            {
                if (consumed > length || parsed.TWCCFeedback?.PacketStatuses.Count > 65_535)
                    Assert.Fail("Read beyond the end.");
            }
        }
        Assert.True(read > 1_000_000);
    }

    [Fact]
    public void The_encoder_is_led_up_on_a_good_network_and_down_on_a_bad_one()
    {
        var time = new ManualTime();
        var controller = new TWCCBitrateController(time);
        BitrateUpdateEventArgs? latest = null;
        controller.OnBitrateChange += (_, update) => latest = update;
        controller.ProcessFeedback(Feedback(5, 0));
        Assert.Null(latest);

        controller.CalculateMaxBitrate(640, 480, 30, VideoCodecsEnum.H264);
        Assert.Null(latest);
        Step(Feedback(20, 0), 3);
        Assert.InRange(latest!.Bitrate, 1_050_000 / 4 + 60_000, 1_050_000 / 4 + 60_001);
        Assert.Equal(30, latest.Framerate);
        Step(Feedback(20, 20), 30);
        Assert.Equal(60_000, latest.Bitrate);
        Assert.Equal(2, latest.Framerate);
        Step(Feedback(20, 0), 200);
        Assert.Equal(1_050_000, latest.Bitrate);

        void Step(RTCPTWCCFeedback feedback, int seconds)
        {
            for (; seconds > 0; seconds--)
            {
                time.Now += TimeSpan.TicksPerSecond;
                controller.ProcessFeedback(feedback);
            }
        }
    }

    static RTCPTWCCFeedback Feedback(int received, int lost)
    {
        var recorder = new TwccRecorder();
        for (var i = 0; i < received; i++)
            recorder.OnPacket((ushort)(i == received - 1 ? i + lost : i), 1_000_000 + i * 1_000);
        var buffer = new byte[1_300];
        return new RTCPTWCCFeedback(buffer[..recorder.WriteFeedback(buffer, 1, 2)]);
    }

    sealed class ManualTime : TimeProvider
    {
        public long Now { get; set; }
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
        public override long GetTimestamp() => Now;
    }
}
