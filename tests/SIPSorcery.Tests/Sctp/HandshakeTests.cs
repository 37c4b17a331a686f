using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class HandshakeTests
{
    [Fact]
    public void A_side_that_never_begins_answers()
    {
        var pair = SimulatedPair.Connected();
        Assert.Single(pair.EventsA, e => e.Kind == SctpEventKind.Connected);
        Assert.Single(pair.EventsB, e => e.Kind == SctpEventKind.Connected);
        Assert.Equal(4, pair.PacketsCarried);
        Assert.Equal(65535, pair.A.OutgoingStreams);
    }

    [Fact]
    public void Both_sides_may_begin_at_once_under_any_loss()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var pair = new SimulatedPair(seed, new Wire(Loss: seed % 4 * 0.1, Duplication: seed % 3 * 0.2, Delay: 10_000, Jitter: seed % 5 * 10_000));
            pair.A.Connect(pair.Now);
            if (seed % 7 == 0)
                pair.Run(0.015);
            pair.B.Connect(pair.Now);
            pair.A.Send(0, 53, [1], default, pair.Now);
            pair.B.Send(0, 53, [2], default, pair.Now);
            pair.RunUntil(() => pair.MessagesAt(true).Any() && pair.MessagesAt(false).Any(), 60);
            pair.Run(5);
            Assert.Single(pair.EventsA, e => e.Kind == SctpEventKind.Connected);
            Assert.Single(pair.EventsB, e => e.Kind == SctpEventKind.Connected);
            Assert.Equal((SctpState.Established, SctpState.Established), (pair.A.State, pair.B.State));
        }
    }

    [Theory]
    [InlineData(ChunkType.Init)]
    [InlineData(ChunkType.InitAck)]
    [InlineData(ChunkType.CookieEcho)]
    [InlineData(ChunkType.CookieAck)]
    public void A_lost_handshake_packet_is_sent_again(byte type)
    {
        var pair = new SimulatedPair(3);
        var dropped = 0;
        pair.Filter = (_, packet) => !PacketBuilder.Has(packet, type) || dropped++ >= 2;
        pair.A.Connect(pair.Now);
        pair.A.Send(4, 51, "early"u8, default, pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established && pair.MessagesAt(false).Any(), 10);
        Assert.True(dropped >= 3);
        pair.Run(5);
        Assert.Single(pair.EventsA, e => e.Kind == SctpEventKind.Connected);
        Assert.Single(pair.EventsB, e => e.Kind == SctpEventKind.Connected);
        Assert.Single(pair.MessagesAt(false));
    }

    [Fact]
    public void Data_rides_with_the_cookie()
    {
        var pair = new SimulatedPair(3);
        var together = false;
        pair.Filter = (_, packet) =>
        {
            together |= PacketBuilder.Has(packet, ChunkType.CookieEcho) && PacketBuilder.Has(packet, ChunkType.Data);
            return true;
        };
        pair.A.Send(0, 51, "hello"u8, default, pair.Now);
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any());
        Assert.True(together);
        Assert.Equal(1_003_000, pair.Now);
    }

    [Fact]
    public void A_changed_cookie_is_refused()
    {
        for (var at = 0; at < StateCookie.Size; at++)
        {
            var pair = new SimulatedPair(3);
            pair.Filter = (_, packet) =>
            {
                if (!PacketBuilder.Has(packet, ChunkType.CookieEcho))
                    return true;
                packet[16 + at] ^= 1;
                PacketBuilder.Seal(packet);
                return true;
            };
            pair.A.Connect(pair.Now);
            pair.Run(1);
            Assert.Equal(SctpState.New, pair.B.State);
            Assert.True(pair.B.Counters.PacketsRefused > 0);
        }
    }

    [Fact]
    public void A_stale_cookie_is_reported_and_a_new_one_fetched()
    {
        var pair = new SimulatedPair(3, options: new SctpOptions { CookieLifetime = 100_000 });
        var held = 0;
        pair.Filter = (_, packet) =>
        {
            if (!PacketBuilder.Has(packet, ChunkType.CookieEcho) || held++ > 0)
                return true;
            pair.Inject(toA: false, packet, delay: 300_000);
            return false;
        };
        var stale = false;
        var inner = pair.Filter;
        pair.Filter = (fromA, packet) =>
        {
            stale |= !fromA && PacketBuilder.Chunks(packet).Any(c => c.Type == ChunkType.Error && PacketBuilder.U16(c, 0) == ErrorCause.StaleCookie);
            return inner(fromA, packet);
        };
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established && pair.B.State == SctpState.Established, 10);
        Assert.True(stale);
    }

    [Fact]
    public void An_attempt_without_an_answer_ends()
    {
        var pair = new SimulatedPair(3, new Wire(Loss: 1));
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Closed, 120);
        Assert.Equal(SctpCloseReason.ConnectTimeout, Assert.Single(pair.EventsA).Reason);
        Assert.Equal(long.MaxValue, pair.A.NextTimeout);
    }

    [Fact]
    public void An_INIT_costs_the_answering_side_no_state()
    {
        var pair = new SimulatedPair(3);
        var init = FirstPacket(new SctpAssociation(new SctpOptions { Random = SimulatedPair.Seeded(99) }), pair.Now);
        for (var i = 0; i < 1000; i++)
            pair.B.HandlePacket(init, pair.Now);
        Assert.Equal(SctpState.New, pair.B.State);
        Assert.Equal(long.MaxValue, pair.B.NextTimeout);
        var answers = 0;
        var buffer = new byte[1200];
        while (pair.B.PollPacket(buffer, pair.Now) > 0)
            answers++;
        Assert.InRange(answers, 1, 16);
    }

    [Fact]
    public void A_peer_that_lost_its_state_is_noticed_and_refused()
    {
        var pair = SimulatedPair.Connected();
        pair.A = new SctpAssociation(new SctpOptions { Random = SimulatedPair.Seeded(77) });
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.B.State == SctpState.Closed, 10);
        pair.Run(1);
        Assert.Equal(SctpCloseReason.PeerRestarted, pair.B.CloseReason);
        Assert.Equal(SctpCloseReason.PeerAbort, pair.A.CloseReason);
    }

    [Fact]
    public void A_repeated_INIT_of_the_same_peer_changes_nothing()
    {
        var pair = new SimulatedPair(3);
        byte[]? init = null;
        pair.Filter = (_, packet) =>
        {
            if (PacketBuilder.Has(packet, ChunkType.Init))
                init = packet;
            return true;
        };
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established);
        pair.Inject(toA: false, init!);
        pair.Run(1);
        pair.A.Send(0, 53, [1], default, pair.Now);
        pair.RunUntil(() => pair.MessagesAt(false).Any());
        Assert.Equal(SctpState.Established, pair.B.State);
    }

    [Fact]
    public void Packets_with_a_wrong_tag_checksum_or_port_are_dropped()
    {
        var pair = SimulatedPair.Connected();
        pair.Run(1);
        byte[]? data = null;
        pair.Filter = (_, packet) =>
        {
            data ??= packet;
            return false;
        };
        pair.A.Send(0, 53, [1, 2, 3], default, pair.Now);
        pair.Drain();
        foreach (var at in new[] { 0, 2, 4, 7, 8, 20, 29 })
        {
            var bad = data!.ToArray();
            bad[at] ^= 1;
            if (at < 8)
                PacketBuilder.Seal(bad);
            var before = pair.B.Counters.PacketsRefused;
            pair.B.HandlePacket(bad, pair.Now);
            Assert.Equal(before + 1, pair.B.Counters.PacketsRefused);
        }

        Assert.False(pair.B.TryPollEvent(out _));
        pair.B.HandlePacket(data!, pair.Now);
        Assert.True(pair.B.TryPollEvent(out _));
    }

    [Fact]
    public void Unknown_parameters_are_skipped_or_reported_by_their_high_bits()
    {
        var pair = new SimulatedPair(3);
        var init = PacketBuilder.Chunks(FirstPacket(new SctpAssociation(new SctpOptions { Random = SimulatedPair.Seeded(99) }), pair.Now))[0];
        byte[] unknown = [0x90, 1, 0, 4, 0xD0, 1, 0, 5, 7, 0, 0, 0, 0x50, 1, 0, 4, 0xD0, 2, 0, 4];
        pair.B.HandlePacket(PacketBuilder.Build(0, init with { Body = [.. init.Body, .. unknown] }), pair.Now);
        var answer = PacketBuilder.Chunks(FirstPacket(pair.B, pair.Now, connect: false))[0];
        Assert.Equal(ChunkType.InitAck, answer.Type);
        byte[] report = [0, 8, 0, 9, 0xD0, 1, 0, 5, 7, 0, 0, 0, 0, 8, 0, 8, 0x50, 1, 0, 4];
        Assert.Equal(report, answer.Body[^report.Length..]);
    }

    [Fact]
    public void Unknown_chunks_are_skipped_or_reported_by_their_high_bits()
    {
        var (pair, tagOfB, tsn) = Taken();
        PacketBuilder.Chunk[] unknown = [new(0x80 | 50, 0, []), new(0xC0 | 50, 0, [1, 2, 3, 4]), PacketBuilder.Data(tsn, 0, 0, [1])];
        var reports = new List<PacketBuilder.Chunk>();
        pair.Filter = (fromA, packet) =>
        {
            if (!fromA)
                reports.AddRange(PacketBuilder.Chunks(packet).Where(c => c.Type == ChunkType.Error));
            return false;
        };
        pair.B.HandlePacket(PacketBuilder.Build(tagOfB, unknown), pair.Now);
        pair.Drain();
        Assert.Single(pair.MessagesAt(false));
        Assert.Equal([0, 6, 0, 12, 0xC0 | 50, 0, 0, 8, 1, 2, 3, 4], Assert.Single(reports).Body);

        reports.Clear();
        pair.B.HandlePacket(PacketBuilder.Build(tagOfB, new(50, 0, []), PacketBuilder.Data(tsn + 1, 0, 1, [1])), pair.Now);
        pair.B.HandlePacket(PacketBuilder.Build(tagOfB, new(0x40 | 50, 0, []), PacketBuilder.Data(tsn + 1, 0, 1, [1])), pair.Now);
        pair.Drain();
        Assert.Single(pair.MessagesAt(false));
        Assert.Single(reports);
    }

    /// <summary>A connected pair whose A is silent from now on, with what one needs to speak in its stead.</summary>
    internal static (SimulatedPair Pair, uint TagOfB, uint NextTsnOfA) Taken(SctpOptions? options = null)
    {
        var pair = new SimulatedPair(3, options: options);
        uint tag = 0, tsn = 0;
        pair.Filter = (fromA, packet) =>
        {
            foreach (var chunk in PacketBuilder.Chunks(packet))
            {
                if (fromA && chunk.Type == ChunkType.Init)
                    tsn = PacketBuilder.U32(chunk, 12);
                if (!fromA && chunk.Type == ChunkType.InitAck)
                    tag = PacketBuilder.U32(chunk);
            }

            return true;
        };
        pair.A.Connect(pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Established && pair.B.State == SctpState.Established);
        pair.Filter = (_, _) => false;
        return (pair, tag, tsn);
    }

    private static byte[] FirstPacket(SctpAssociation association, long now, bool connect = true)
    {
        if (connect)
            association.Connect(now);
        var buffer = new byte[2048];
        return buffer[..association.PollPacket(buffer, now)];
    }
}
