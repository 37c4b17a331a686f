using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class StreamResetTests
{
    [Fact]
    public void A_reset_follows_what_was_sent_and_the_stream_begins_anew()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var pair = SimulatedPair.Connected(seed, new Wire(Loss: 0.15, Duplication: 0.1, Delay: 10_000, Jitter: 10_000));
            for (byte i = 0; i < 20; i++)
                pair.A.Send(5, 53, [i], default, pair.Now);
            pair.A.Send(6, 53, new byte[50_000], default, pair.Now);
            pair.A.ResetStream(5);
            Assert.Equal(SctpSendResult.StreamClosed, pair.A.Send(5, 53, [1], default, pair.Now));
            pair.RunUntil(() => pair.EventsA.Any(e => e.Kind == SctpEventKind.OutgoingStreamReset), 60);
            var before = pair.EventsB.TakeWhile(e => e.Kind != SctpEventKind.IncomingStreamReset).Count(e => e.Stream == 5);
            Assert.Equal(20, before);
            Assert.Equal(SctpSendResult.Accepted, pair.A.Send(5, 53, [77], default, pair.Now));
            pair.RunUntil(() => pair.MessagesAt(false).Any(m => m is [77]), 60);
            Assert.Single(pair.EventsA, e => e.Kind == SctpEventKind.OutgoingStreamReset);
            Assert.Single(pair.EventsB, e => e.Kind == SctpEventKind.IncomingStreamReset);
        }
    }

    [Fact]
    public void Both_sides_may_reset_many_streams_at_once()
    {
        var pair = SimulatedPair.Connected(4, new Wire(Loss: 0.1));
        for (ushort stream = 0; stream < 1000; stream++)
        {
            pair.A.Send(stream, 53, [1], default, pair.Now);
            pair.A.ResetStream(stream);
            pair.B.ResetStream(stream);
        }

        pair.RunUntil(() => new[] { pair.EventsA, pair.EventsB }.All(events =>
            events.Count(e => e.Kind == SctpEventKind.IncomingStreamReset) == 1000
            && events.Count(e => e.Kind == SctpEventKind.OutgoingStreamReset) == 1000));
        Assert.Equal(1000, pair.MessagesAt(false).Count());
    }

    [Fact]
    public void A_reset_that_comes_before_its_data_waits_for_it()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        var answers = AnswersOf(pair);
        byte[] request = [0, 13, 0, 18, .. Bytes(tsn), 0, 0, 0, 0, .. Bytes(tsn + 1), 0, 4, 0, 0];
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn + 1, 4, 1, [2])), pair.Now);
        pair.B.HandlePacket(PacketBuilder.Build(tag, new PacketBuilder.Chunk(ChunkType.ReConfig, 0, request)), pair.Now);
        pair.Drain();
        Assert.Equal([ReConfigResult.InProgress], answers);
        pair.B.HandlePacket(PacketBuilder.Build(tag, PacketBuilder.Data(tsn, 4, 0, [1])), pair.Now);
        pair.Drain();
        Assert.Equal([ReConfigResult.InProgress, ReConfigResult.Performed], answers);
        Assert.Equal(
            [SctpEventKind.Connected, SctpEventKind.Message, SctpEventKind.Message, SctpEventKind.IncomingStreamReset],
            pair.EventsB.Select(e => e.Kind));

        // The request again: answered as before, done once.
        pair.B.HandlePacket(PacketBuilder.Build(tag, new PacketBuilder.Chunk(ChunkType.ReConfig, 0, request)), pair.Now);
        pair.Drain();
        Assert.Equal(ReConfigResult.Performed, answers[^1]);
        Assert.Single(pair.EventsB, e => e.Kind == SctpEventKind.IncomingStreamReset);
    }

    [Fact]
    public void What_cannot_be_done_is_denied_and_wrong_numbers_are_told()
    {
        var (pair, tag, tsn) = HandshakeTests.Taken();
        var answers = AnswersOf(pair);
        byte[] addStreams = [0, 17, 0, 12, .. Bytes(tsn), 0, 1, 0, 0];
        byte[] wrongNumber = [0, 13, 0, 18, .. Bytes(tsn + 9), 0, 0, 0, 0, .. Bytes(tsn - 1), 0, 4, 0, 0];
        byte[] wrongStream = [0, 13, 0, 18, .. Bytes(tsn + 1), 0, 0, 0, 0, .. Bytes(tsn - 1), 0xFF, 0xFF, 0, 0];
        foreach (var body in new[] { addStreams, wrongNumber, wrongStream })
            pair.B.HandlePacket(PacketBuilder.Build(tag, new PacketBuilder.Chunk(ChunkType.ReConfig, 0, body)), pair.Now);
        pair.Drain();
        Assert.Equal([ReConfigResult.Denied, ReConfigResult.BadSequence, ReConfigResult.WrongStream], answers);
        Assert.DoesNotContain(pair.EventsB, e => e.Kind == SctpEventKind.IncomingStreamReset);
    }

    /// <summary>What the second of the two answers from now on.</summary>
    private static List<uint> AnswersOf(SimulatedPair pair)
    {
        var answers = new List<uint>();
        pair.Filter = (fromA, packet) =>
        {
            if (!fromA)
                answers.AddRange(PacketBuilder.Chunks(packet)
                    .Where(c => c.Type == ChunkType.ReConfig).Select(c => PacketBuilder.U32(c, 8)));
            return false;
        };
        return answers;
    }

    private static byte[] Bytes(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];
}
