using System.Diagnostics;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

/// <summary>A peer that holds the right tag and means harm: memory and time stay bounded.</summary>
public class HostilePeerTests
{
    private const long Window = 2 * 1024 * 1024;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 0)]
    [InlineData(1000, 2)]
    [InlineData(1000, 0)]
    [InlineData(1000, 6)]
    public void Fragments_that_never_become_a_message_fill_no_more_than_the_window(int size, byte flags)
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        for (uint i = 0; i < 40_000; i++)
        {
            pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 1 + i, (ushort)i, 1, new byte[size], flags)), pair.Now);
            Assert.True(pair.B.ReceiveHeld <= Window);
        }

        pair.Drain();
        Assert.Empty(pair.MessagesAt(false));
        Assert.True(pair.B.Counters.DataDropped > 0);
    }

    [Fact]
    public void Messages_that_never_have_their_turn_fill_no_more_than_the_window()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        for (uint i = 0; i < 60_000; i++)
        {
            pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + i, 1, (ushort)(1 + i % 30_000), new byte[100])), pair.Now);
            Assert.True(pair.B.ReceiveHeld <= Window);
        }

        Assert.Equal(SctpState.Established, pair.B.State);
    }

    [Fact]
    public void Events_nobody_polls_fill_no_more_than_the_window()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        for (uint i = 0; i < 60_000; i++)
            pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + i, 1, (ushort)i, [1])), pair.Now);
        Assert.True(pair.B.ReceiveHeld <= Window);
    }

    [Fact]
    public void A_message_without_an_end_ends_the_association()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        for (uint i = 0; i < 400 && pair.B.State == SctpState.Established; i++)
            pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + i, 1, 0, new byte[1000], i == 0 ? (byte)2 : (byte)0)), pair.Now);
        Assert.Equal(SctpCloseReason.ProtocolViolation, pair.B.CloseReason);
    }

    [Fact]
    public void Data_far_ahead_is_dropped_and_a_far_skip_costs_nothing()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        foreach (var ahead in new uint[] { 16_384, 100_000, 0x7FFF_FFFF, 0x8000_0000 })
            pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + ahead, 0, 0, [1])), pair.Now);
        Assert.Equal(0, pair.B.ReceiveHeld);
        var watch = Stopwatch.StartNew();
        for (uint i = 1; i < 20_000; i++)
        {
            var to = tsn + i * 0x3000_0000;
            pair.B.HandlePacket(PacketBuilder.Build(tag, new PacketBuilder.Chunk(ChunkType.ForwardTsn, 0, [(byte)(to >> 24), (byte)(to >> 16), (byte)(to >> 8), (byte)to])), pair.Now);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        Assert.Equal(0, pair.B.ReceiveHeld);
    }

    [Fact]
    public void Acknowledgements_of_what_was_never_sent_and_bombs_of_gap_blocks_are_harmless()
    {
        var pair = SimulatedPair.Connected();
        var tag = TransferTests.TagOfA(pair);
        uint first = 0;
        pair.Filter = (fromA, packet) =>
        {
            if (fromA && first == 0 && PacketBuilder.Has(packet, ChunkType.Data))
                first = PacketBuilder.U32(PacketBuilder.Chunks(packet).First(c => c.Type == ChunkType.Data));
            return false;
        };
        pair.A.Send(0, 53, new byte[200_000], default, pair.Now);
        pair.Drain();
        var before = pair.A.TotalBufferedAmount;
        var bomb = Enumerable.Repeat((1, 65535), 15_000).Concat(Enumerable.Repeat((2, 9), 1000)).Concat([(9, 2), (0, 0)]).ToArray();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++)
            pair.A.HandlePacket(PacketBuilder.Build(tag, TransferTests.Sack(first - 1, bomb)), pair.Now);
        pair.A.HandlePacket(PacketBuilder.Build(tag, TransferTests.Sack(first + 1000)), pair.Now);
        pair.A.HandlePacket(PacketBuilder.Build(tag, TransferTests.Sack(first + 0x7000_0000)), pair.Now);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
        Assert.Equal(before, pair.A.TotalBufferedAmount);
        Assert.Equal(SctpState.Established, pair.A.State);

        // The session goes on.
        pair.Filter = null;
        pair.RunUntil(() => pair.MessagesAt(false).Any(m => m.Length == 200_000));
    }

    [Fact]
    public void Data_without_bytes_ends_the_association_and_a_stream_that_does_not_exist_is_reported()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn, 65535, 0, [1])), pair.Now);
        var buffer = new byte[1200];
        var chunks = PacketBuilder.Chunks(buffer[..pair.B.PollPacket(buffer, pair.Now)]);
        Assert.Equal([0, 1, 0, 8, 255, 255, 0, 0], chunks.Single(c => c.Type == ChunkType.Error).Body);
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 1, 0, 0, [])), pair.Now);
        Assert.Equal(SctpCloseReason.ProtocolViolation, pair.B.CloseReason);
        chunks = PacketBuilder.Chunks(buffer[..pair.B.PollPacket(buffer, pair.Now)]);
        Assert.Equal(ErrorCause.NoUserData, PacketBuilder.U16(chunks.Single(), 0));
    }

    [Fact]
    public void Floods_of_requests_get_a_bounded_number_of_answers()
    {
        var (pair, tag, _) = HandshakeTests.Taken();
        var heartbeat = PacketBuilder.Build(tag, new PacketBuilder.Chunk(ChunkType.Heartbeat, 0, [0, 1, 0, 8, 1, 2, 3, 4]));
        for (var i = 0; i < 10_000; i++)
            pair.B.HandlePacket(heartbeat, pair.Now);
        var buffer = new byte[1200];
        var answers = 0;
        for (int length; (length = pair.B.PollPacket(buffer, pair.Now)) > 0;)
            answers += PacketBuilder.Chunks(buffer[..length]).Count(c => c.Type == ChunkType.HeartbeatAck);
        Assert.InRange(answers, 1, 8);
    }
}
