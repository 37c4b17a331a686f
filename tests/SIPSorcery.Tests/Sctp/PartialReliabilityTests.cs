using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class PartialReliabilityTests
{
    [Theory]
    [InlineData(false, 500)]
    [InlineData(true, 500)]
    [InlineData(false, 6000)]
    [InlineData(true, 6000)]
    public void Without_retransmissions_the_rest_arrives_in_order_and_the_lost_is_skipped(bool unordered, int size)
    {
        for (var seed = 1; seed <= 10; seed++)
        {
            var pair = SimulatedPair.Connected(seed, new Wire(Loss: 0.1, Delay: 20_000));
            const int Count = 200;
            for (var i = 0; i < Count; i++)
            {
                var message = new byte[size];
                message.AsSpan().Fill((byte)i);
                pair.A.Send(1, 53, message, new SctpSendOptions(unordered, MaxRetransmits: 0), pair.Now);
            }

            pair.A.Send(2, 51, "end"u8, default, pair.Now);
            pair.RunUntil(() => pair.A.TotalBufferedAmount == 0 && pair.MessagesAt(false).Any(m => m.Length == 3), 60);
            pair.Run(20);
            var got = pair.MessagesAt(false).Where(m => m.Length == size).ToArray();
            Assert.All(got, m => Assert.Equal(size, m.Count(b => b == m[0])));
            Assert.InRange(got.Length, Count / 5, Count - 1);
            Assert.Equal(got.Length, got.Select(m => m[0]).Distinct().Count());
            if (!unordered)
                Assert.Equal(got.Select(m => m[0]).Order(), got.Select(m => m[0]));
            Assert.True(pair.A.Counters.MessagesAbandoned > 0);
            Assert.Equal(0, pair.B.ReceiveHeld);

            // What comes after is not held up.
            pair.A.Send(1, 53, "after"u8, default, pair.Now);
            pair.RunUntil(() => pair.MessagesAt(false).Any(m => m.Length == 5), 20);
        }
    }

    [Fact]
    public void A_message_is_sent_again_as_often_as_allowed_and_no_more()
    {
        for (var allowed = 0; allowed < 4; allowed++)
        {
            var pair = SimulatedPair.Connected();
            var sent = 0;
            pair.Filter = (fromA, packet) =>
            {
                if (!fromA || !PacketBuilder.Has(packet, ChunkType.Data))
                    return true;
                sent++;
                return false;
            };
            pair.A.Send(1, 53, [1], new SctpSendOptions(MaxRetransmits: allowed), pair.Now);
            pair.Run(30);
            Assert.Equal(allowed + 1, sent);
            Assert.Equal(1, pair.A.Counters.MessagesAbandoned);
            pair.Filter = null;
            pair.A.Send(1, 53, [2], default, pair.Now);
            pair.RunUntil(() => pair.MessagesAt(false).Any(), 5);
            Assert.Equal(SctpState.Established, pair.A.State);
        }
    }

    [Fact]
    public void A_message_that_outlived_its_time_is_neither_sent_nor_missed()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 100_000));
        for (byte i = 0; i < 60; i++)
            pair.A.Send(1, 53, [.. Enumerable.Repeat(i, 10_000)], new SctpSendOptions(LifetimeMicros: 500_000), pair.Now);
        pair.A.Send(1, 53, [99], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any(m => m[0] == 99), 10);
        var got = pair.MessagesAt(false).Select(m => m[0]).ToArray();
        Assert.InRange(got.Length, 5, 55);
        Assert.Equal(got.Order(), got);
        Assert.Equal(0, pair.A.TotalBufferedAmount);
        Assert.True(pair.A.Counters.MessagesAbandoned >= 5);
    }

    [Fact]
    public void A_message_that_was_lost_is_sent_again_only_while_it_lives()
    {
        var pair = SimulatedPair.Connected();
        var sentAt = new List<long>();
        pair.Filter = (fromA, packet) =>
        {
            if (!fromA || !PacketBuilder.Has(packet, ChunkType.Data))
                return true;
            sentAt.Add(pair.Now);
            return false;
        };
        var start = pair.Now;
        pair.A.Send(1, 53, [1], new SctpSendOptions(LifetimeMicros: 2_000_000), pair.Now);
        pair.Run(30);
        Assert.True(sentAt.Count > 1);
        Assert.All(sentAt, at => Assert.InRange(at - start, 0, 2_000_000));
        Assert.Equal(1, pair.A.Counters.MessagesAbandoned);
    }

    [Fact]
    public void A_message_whose_time_ends_half_sent_is_not_sent_to_its_end()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 100_000));
        pair.A.Send(1, 53, new byte[200_000], new SctpSendOptions(LifetimeMicros: 250_000), pair.Now);
        pair.A.Send(1, 51, "end"u8, default, pair.Now);
        var before = pair.A.Counters.DataChunksSent;
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 10);
        Assert.Equal(3, pair.MessagesAt(false).Single().Length);
        Assert.InRange(pair.A.Counters.DataChunksSent - before, 5, 100);
        Assert.Equal(1, pair.A.Counters.MessagesAbandoned);
    }

    [Fact]
    public void A_lost_skip_is_repeated()
    {
        var pair = SimulatedPair.Connected();
        var skips = 0;
        pair.Filter = (fromA, packet) =>
        {
            if (fromA && PacketBuilder.Has(packet, ChunkType.ForwardTsn))
                return ++skips > 2;
            return !fromA || !PacketBuilder.Has(packet, ChunkType.Data);
        };
        pair.A.Send(1, 53, [1], new SctpSendOptions(MaxRetransmits: 0), pair.Now);
        pair.Run(10);
        Assert.True(skips >= 3);
        pair.Filter = null;
        pair.A.Send(1, 53, [2], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any(), 5);
    }

    [Fact]
    public void A_message_abandoned_half_sent_does_not_join_with_the_next()
    {
        var pair = SimulatedPair.Connected(wire: new Wire(Delay: 100_000));
        var count = 0;
        pair.Filter = (fromA, packet) => !fromA || ++count % 5 != 0;
        for (byte i = 1; i <= 20; i++)
            pair.A.Send(1, 53, [.. Enumerable.Repeat(i, 50_000)], new SctpSendOptions(i % 2 == 0,
                LifetimeMicros: 400_000 * i), pair.Now);
        pair.Run(60);
        Assert.All(pair.MessagesAt(false), m => Assert.Equal(50_000, m.Count(b => b == m[0])));
        Assert.Equal(0, pair.B.ReceiveHeld);
        Assert.Equal(0, pair.A.TotalBufferedAmount);
    }

    [Fact]
    public void A_peer_that_cannot_skip_gets_everything()
    {
        var pair = new SimulatedPair(5, new Wire(Loss: 0.1));
        pair.Filter = (_, packet) =>
        {
            // Both announcements are made unknown ones.
            if (PacketBuilder.Chunks(packet)[0].Type is ChunkType.Init or ChunkType.InitAck)
            {
                packet[16 + 16] = 0x90;
                packet[16 + 20] = 0x90;
                PacketBuilder.Seal(packet);
            }

            return true;
        };
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established && pair.B.State == SctpState.Established);
        for (byte i = 0; i < 100; i++)
            pair.A.Send(1, 53, new byte[1000], new SctpSendOptions(MaxRetransmits: 0), pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Count() == 100);
    }
}
