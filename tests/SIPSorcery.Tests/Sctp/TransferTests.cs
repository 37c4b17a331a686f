using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class TransferTests
{
    [Fact]
    public void Messages_of_every_size_up_to_the_limit_arrive_unchanged()
    {
        var pair = SimulatedPair.Connected();
        var random = new Random(1);
        int[] sizes = [1, 2, 3, 4, 1155, 1156, 1157, 1159, 1160, 1161, 1172, 1200, 2320, 65535, 65536, 262143, 262144];
        var sent = new List<byte[]>();
        foreach (var size in sizes)
        {
            var message = new byte[size];
            random.NextBytes(message);
            sent.Add(message);
            Assert.Equal(SctpSendResult.Accepted, pair.A.Send(0, 53, message, default, pair.Now));
        }

        pair.RunUntil(() => pair.MessagesAt(false).Count() == sizes.Length);
        Assert.All(sent.Zip(pair.MessagesAt(false)),
            pairing => Assert.True(pairing.First.AsSpan().SequenceEqual(pairing.Second)));
        Assert.Equal(0, pair.A.Counters.Retransmissions);
    }

    [Fact]
    public void Too_large_empty_and_misdirected_messages_are_refused()
    {
        var pair = new SimulatedPair(1, options: new SctpOptions { Streams = 10 });
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established);
        Assert.Equal(SctpSendResult.TooLarge, pair.A.Send(0, 53, new byte[262145], default, pair.Now));
        Assert.Equal(SctpSendResult.Empty, pair.A.Send(0, 53, [], default, pair.Now));
        Assert.Equal(SctpSendResult.StreamClosed, pair.A.Send(10, 53, [1], default, pair.Now));
        pair.A.Abort();
        Assert.Equal(SctpSendResult.Closed, pair.A.Send(0, 53, [1], default, pair.Now));
    }

    [Fact]
    public void Small_messages_share_packets()
    {
        var pair = SimulatedPair.Connected();
        var before = pair.A.Counters.PacketsSent;
        for (var i = 0; i < 100; i++)
            pair.A.Send(0, 53, new byte[20], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 100);
        Assert.InRange(pair.A.Counters.PacketsSent - before, 1, 5);
    }

    [Fact]
    public void A_lost_packet_is_sent_again_before_any_timeout()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        var count = 0;
        pair.Filter = (fromA, packet) => !fromA || !PacketBuilder.Has(packet, ChunkType.Data) || ++count != 3;
        pair.A.Send(0, 53, new byte[20_000], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 1);
        Assert.Equal(1, pair.A.Counters.FastRetransmits);
        Assert.Equal(1, pair.A.Counters.Retransmissions);
        Assert.Equal(0, pair.A.Counters.Timeouts);
    }

    [Fact]
    public void A_lost_packet_is_sent_again_as_soon_as_enough_others_overtook_it()
    {
        const long Delay = 100_000;
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: Delay));
        var count = 0;
        pair.Filter = (fromA, packet) => !fromA || !PacketBuilder.Has(packet, ChunkType.Data) || ++count != 2;
        pair.A.Send(0, 53, new byte[9_000], default, pair.Now);
        var start = pair.Now;
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 1);

        // There, back with the news, and there again: nothing else waits.
        Assert.InRange(pair.Now - start, 3 * Delay, 3 * Delay + 5_000);
    }

    [Fact]
    public void A_packet_that_two_overtook_is_not_taken_for_lost()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        var count = 0;
        pair.Filter = (fromA, packet) =>
        {
            if (!fromA || !PacketBuilder.Has(packet, ChunkType.Data) || ++count != 2)
                return true;
            pair.Inject(toA: false, packet, 20_010);
            return false;
        };
        pair.A.Send(0, 53, new byte[4_500], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 1);
        pair.Run(1);
        Assert.Equal(4, count);
        Assert.Equal(0, pair.A.Counters.Retransmissions);
    }

    [Fact]
    public void After_a_timeout_no_more_than_the_window_is_sent_again_at_once()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        var isDark = true;
        var again = new List<long>();
        pair.Filter = (fromA, packet) =>
        {
            if (fromA && pair.A.Counters.Timeouts > 0 && PacketBuilder.Has(packet, ChunkType.Data))
                again.Add(pair.Now);
            return !isDark;
        };
        pair.A.Send(0, 53, new byte[10_000], default, pair.Now);
        pair.RunUntil(() => again.Count > 0, 10);
        pair.Run(0.001);

        // As long as less than the window of one packet is on its way, one more may go.
        Assert.InRange(again.Count, 1, 2);
        isDark = false;
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 60);
    }

    [Fact]
    public void A_retransmission_that_is_lost_too_does_not_wait_for_the_timeout()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        uint? victim = null;
        var drops = 0;
        pair.Filter = (fromA, packet) =>
        {
            foreach (var chunk in PacketBuilder.Chunks(packet).Where(c => fromA && c.Type == ChunkType.Data))
            {
                victim ??= PacketBuilder.U32(chunk) + 2;
                if (PacketBuilder.U32(chunk) == victim && drops < 3)
                {
                    drops++;
                    return false;
                }
            }

            return true;
        };
        pair.A.Send(0, 53, new byte[200_000], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 5);
        Assert.Equal(3, drops);
        Assert.Equal(0, pair.A.Counters.Timeouts);
    }

    [Fact]
    public void The_last_packet_lost_is_asked_about_before_the_timeout()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        var dropped = false;
        pair.Filter = (fromA, packet) => !fromA || !PacketBuilder.Has(packet, ChunkType.Data) || !(dropped = !dropped);
        pair.A.Send(0, 53, [1], default, pair.Now);
        var start = pair.Now;
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 1);
        Assert.InRange(pair.Now - start, 60_000, 160_000);
        Assert.Equal(0, pair.A.Counters.Timeouts);
    }

    [Fact]
    public void A_loss_halves_the_window_once_and_a_timeout_shrinks_it_to_a_packet()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        Assert.Equal(10 * 1188, pair.A.CongestionWindowSize);
        for (var i = 0; i < 8; i++)
            pair.A.Send(0, 53, new byte[100_000], default, pair.Now);
        pair.RunUntil(() => pair.A.CongestionWindowSize > 60_000);
        var largest = 0L;
        var count = 0;
        pair.Filter = (fromA, packet) =>
        {
            largest = Math.Max(largest, pair.A.CongestionWindowSize);
            return !fromA || count++ >= 3;
        };
        pair.RunUntil(() => pair.A.Counters.FastRetransmits > 0);
        Assert.InRange(pair.A.CongestionWindowSize, largest / 2 - 1188, largest / 2 + 1188);
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 8);
        pair.Filter = (_, _) => false;
        pair.A.Send(0, 53, [1], default, pair.Now);
        pair.RunUntil(() => pair.A.Counters.Timeouts > 0);
        Assert.Equal(1188, pair.A.CongestionWindowSize);
    }

    [Fact]
    public void A_stream_does_not_wait_for_what_another_lost()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        var dropped = 0;
        pair.Filter = (fromA, packet) => !fromA || dropped++ > 0;
        pair.A.Send(1, 53, new byte[1100], default, pair.Now);
        pair.A.Send(2, 53, new byte[3000], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 2);
        Assert.Equal([2, 1], pair.EventsB.Where(e => e.Kind == SctpEventKind.Message).Select(e => (int)e.Stream));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Unordered_messages_overtake_a_lost_one_and_ordered_ones_wait(bool unordered)
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 20_000));
        var count = 0;
        pair.Filter = (fromA, packet) => !fromA || count++ != 0;
        for (byte i = 0; i < 5; i++)
            pair.A.Send(1, 53, [.. Enumerable.Repeat(i, 1100)], new SctpSendOptions(unordered), pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 5);
        Assert.Equal(unordered ? [1, 2, 3, 4, 0] : [0, 1, 2, 3, 4], pair.MessagesAt(false).Select(m => (int)m[0]));
    }

    [Fact]
    public void Gaps_and_duplicates_are_reported_at_once()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 1, 0, 1, [1])), pair.Now);
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 2, 0, 2, [1])), pair.Now);
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 5, 0, 5, [1])), pair.Now);
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 2, 0, 2, [1])), pair.Now);
        var buffer = new byte[1200];
        var sack = PacketBuilder.Chunks(buffer[..pair.B.PollPacket(buffer, pair.Now)]).Single();
        Assert.Equal(ChunkType.Sack, sack.Type);
        Assert.Equal(tsn - 1, PacketBuilder.U32(sack));
        Assert.Equal((2, 1), (PacketBuilder.U16(sack, 8), PacketBuilder.U16(sack, 10)));
        Assert.Equal((2, 3), (PacketBuilder.U16(sack, 12), PacketBuilder.U16(sack, 14)));
        Assert.Equal((6, 6), (PacketBuilder.U16(sack, 16), PacketBuilder.U16(sack, 18)));
        Assert.Equal(tsn + 2, PacketBuilder.U32(sack, 20));
        Assert.Equal(0, pair.B.PollPacket(buffer, pair.Now));
    }

    [Fact]
    public void A_single_packet_is_acknowledged_late_two_or_an_urgent_one_at_once()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        var buffer = new byte[1200];
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn, 0, 0, [1])), pair.Now);
        Assert.Equal(0, pair.B.PollPacket(buffer, pair.Now));
        Assert.Equal(pair.Now + 20_000, pair.B.NextTimeout);
        pair.B.HandleTimeout(pair.Now + 20_000);
        Assert.NotEqual(0, pair.B.PollPacket(buffer, pair.Now + 20_000));

        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 1, 0, 1, [1])), pair.Now);
        Assert.Equal(0, pair.B.PollPacket(buffer, pair.Now));
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 2, 0, 2, [1])), pair.Now);
        Assert.NotEqual(0, pair.B.PollPacket(buffer, pair.Now));
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 3, 0, 3, [1], flags: 11)), pair.Now);
        Assert.NotEqual(0, pair.B.PollPacket(buffer, pair.Now));
    }

    [Fact]
    public void A_reader_that_does_not_read_stops_the_sender_and_resumes_it()
    {
        var network = new SimulatedPair(1, options: new SctpOptions { ReceiveWindow = 400_000 });
        network.A.Connect(network.Now);
        network.RunUntil(() => network.A.State == SctpState.Established);
        for (var i = 0; i < 200; i++)
            Assert.Equal(SctpSendResult.Accepted, network.A.Send(0, 53, new byte[10_000], default, network.Now));

        // B handles packets for a minute, and nobody polls its events.
        var buffer = new byte[1200];
        for (var now = network.Now; now < network.Now + 60_000_000; now += 5_000)
        {
            Exchange(network.A, network.B, buffer, now);
            Assert.True(network.B.ReceiveHeld <= 400_000);
        }

        network.Now += 60_000_000;
        network.A.HandleTimeout(network.Now);
        network.B.HandleTimeout(network.Now);
        Assert.Equal(SctpState.Established, network.A.State);
        Assert.True(network.A.TotalBufferedAmount > 1_400_000);
        network.RunUntil(() => network.MessagesAt(false).Count() == 200, 30);
    }

    [Fact]
    public void A_full_buffer_refuses_and_tells_when_it_is_low()
    {
        var pair = new SimulatedPair(1, options: new SctpOptions { SendBufferLimit = 100_000 });
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established);
        pair.A.SetBufferedAmountLowThreshold(3, 20_000);
        Assert.Equal(SctpSendResult.Accepted, pair.A.Send(3, 53, new byte[90_000], default, pair.Now));
        Assert.Equal(SctpSendResult.BufferFull, pair.A.Send(3, 53, new byte[20_000], default, pair.Now));
        Assert.Equal(90_000, pair.A.BufferedAmount(3));
        Assert.Equal(0, pair.A.BufferedAmount(4));
        pair.RunUntil(() => pair.EventsA.Any(e => e.Kind == SctpEventKind.BufferedAmountLow));
        Assert.InRange(pair.A.BufferedAmount(3), 0, 20_000);
        Assert.Equal(SctpSendResult.Accepted, pair.A.Send(3, 53, new byte[25_000], default, pair.Now));
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 2);
        Assert.Equal(2, pair.EventsA.Count(e => e.Kind == SctpEventKind.BufferedAmountLow));
    }

    [Fact]
    public void Streams_share_the_link_by_priority()
    {
        var pair = SimulatedPair.Connected();
        pair.A.SetPriority(1, 256);
        pair.A.SetPriority(2, 1024);
        for (var i = 0; i < 100; i++)
            pair.A.Send(1, 53, new byte[5000], default, pair.Now);
        for (var i = 0; i < 100; i++)
            pair.A.Send(2, 53, new byte[5000], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 200);
        var first = pair.EventsB.Where(e => e.Kind == SctpEventKind.Message).Take(100).Count(e => e.Stream == 2);
        Assert.InRange(first, 70, 90);
    }

    [Fact]
    public void A_message_larger_than_agreed_ends_the_association()
    {
        foreach (var unordered in new[] { false, true })
        {
            var pair = new SimulatedPair(1, new Wire(Jitter: unordered ? 5000 : 0),
                new SctpOptions { MaxSendMessageSize = 70_000, MaxReceiveMessageSize = 60_000 });
            pair.A.Connect(pair.Now);
            pair.RunUntil(() => pair.A.State == SctpState.Established);
            pair.A.Send(0, 53, new byte[60_001], new SctpSendOptions(unordered), pair.Now);
            pair.RunUntil(() => pair.A.State == SctpState.Closed && pair.B.State == SctpState.Closed, 10);
            Assert.Equal(SctpCloseReason.ProtocolViolation, pair.B.CloseReason);
            Assert.Equal(SctpCloseReason.PeerAbort, pair.A.CloseReason);
            Assert.Empty(pair.MessagesAt(false));
        }
    }

    [Fact]
    public void A_peer_that_takes_an_acknowledgement_back_gets_the_data_again()
    {
        var pair = SimulatedPair.Connected();
        uint tsn = 0;
        var sent = new List<uint>();
        pair.Filter = (fromA, packet) =>
        {
            foreach (var chunk in PacketBuilder.Chunks(packet).Where(c => fromA && c.Type == ChunkType.Data))
            {
                sent.Add(PacketBuilder.U32(chunk));
                tsn = tsn == 0 ? sent[0] : tsn;
            }

            return false;
        };
        var tagOfA = TagOfA(pair);
        pair.A.Send(0, 53, new byte[2000], default, pair.Now);
        pair.Drain();
        Assert.Equal(2, sent.Count);
        pair.A.HandlePacket(PacketBuilder.Build(tagOfA, Sack(tsn - 1, (2, 2))), pair.Now);
        pair.A.HandlePacket(PacketBuilder.Build(tagOfA, Sack(tsn)), pair.Now);
        pair.Drain();
        Assert.Equal([tsn, tsn + 1, tsn + 1], sent);
    }

    internal static PacketBuilder.Chunk Sack(uint cumulative, params (int From, int To)[] gaps)
    {
        var body = new byte[12 + 4 * gaps.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(body, cumulative);
        body[5] = 0x10;
        body[8] = (byte)(gaps.Length >> 8);
        body[9] = (byte)gaps.Length;
        for (var i = 0; i < gaps.Length; i++)
        {
            body[12 + 4 * i] = (byte)(gaps[i].From >> 8);
            body[13 + 4 * i] = (byte)gaps[i].From;
            body[14 + 4 * i] = (byte)(gaps[i].To >> 8);
            body[15 + 4 * i] = (byte)gaps[i].To;
        }

        return new PacketBuilder.Chunk(ChunkType.Sack, 0, body);
    }

    /// <summary>The tag packets to A carry, seen on one.</summary>
    internal static uint TagOfA(SimulatedPair pair)
    {
        uint tag = 0;
        var inner = pair.Filter;
        pair.Filter = (fromA, packet) =>
        {
            if (!fromA)
                tag = PacketBuilder.Tag(packet);
            return true;
        };
        pair.B.Send(9, 53, [1], default, pair.Now);
        pair.Run(1);
        pair.Filter = inner;
        return tag;
    }

    private static void Exchange(SctpAssociation a, SctpAssociation b, byte[] buffer, long now)
    {
        if (a.NextTimeout <= now)
            a.HandleTimeout(now);
        if (b.NextTimeout <= now)
            b.HandleTimeout(now);
        for (int length; (length = a.PollPacket(buffer, now)) > 0;)
            b.HandlePacket(buffer.AsSpan(0, length), now);
        for (int length; (length = b.PollPacket(buffer, now)) > 0;)
            a.HandlePacket(buffer.AsSpan(0, length), now);
    }
}
