using Ball.Quic.Connections;
using Ball.Quic.Packets;
using Ball.Quic.Tests.Simulation;

namespace Ball.Quic.Tests;

/// <summary>What a peer may not do, and what it then hears (RFC 9000, section 20.1).</summary>
public sealed class RulesTests
{
    private static readonly ConnectionOptions s_small = new()
    {
        StreamWindow = 1000, ConnectionWindow = 1500, MaxBidiStreams = 3, MaxUniStreams = 3, MaxDatagramFrame = 100
    };

    private const string Token = "00112233445566778899aabbccddeeff";

    [Theory]
    [InlineData("0e 00 43e8 01 aa", TransportError.FlowControl)] // One byte beyond a stream's window.
    [InlineData("0e 00 43e7 01 aa 0e 04 43e7 01 aa", TransportError.FlowControl)] // Two streams beyond the connection's.
    [InlineData("04 00 00 43e9", TransportError.FlowControl)] // A reset that ends beyond the window.
    [InlineData("0a 0c 01 aa", TransportError.StreamLimit)] // The fourth stream of three.
    [InlineData("0a 0e 01 aa", TransportError.StreamLimit)] // The same of those with one direction.
    [InlineData("0a 01 01 aa", TransportError.StreamState)] // A stream of ours that we did not open.
    [InlineData("0a 03 01 aa", TransportError.StreamState)] // One on which only we send.
    [InlineData("11 02 10", TransportError.StreamState)] // A limit for one on which only the peer sends.
    [InlineData("05 02 00", TransportError.StreamState)] // A wish to stop what we do not send.
    [InlineData("0f 00 05 01 aa 0e 00 06 01 aa", TransportError.FinalSize)] // Bytes beyond the end.
    [InlineData("0f 00 05 01 aa 0f 00 07 00", TransportError.FinalSize)] // The end moves.
    [InlineData("0e 00 09 01 aa 0f 00 05 01 aa", TransportError.FinalSize)] // The end is before what came.
    [InlineData("0e 00 09 01 aa 04 00 00 05", TransportError.FinalSize)] // So is a reset's.
    [InlineData("0e 00 ffffffffffffffff 01 aa", TransportError.FrameEncoding)] // A stream too long for its numbers.
    [InlineData("0a 00 40", TransportError.FrameEncoding)] // Cut short.
    [InlineData("21", TransportError.FrameEncoding)] // No such frame.
    [InlineData("4040", TransportError.FrameEncoding)] // Nor this one.
    [InlineData("12 d000000000000001", TransportError.FrameEncoding)] // More streams than there can be.
    [InlineData("17 d000000000000001", TransportError.FrameEncoding)] // Blocked at more than there can be.
    [InlineData("02 4fff 00 00 00", TransportError.ProtocolViolation)] // An acknowledgement of what was never sent.
    [InlineData("02 01 00 00 02", TransportError.FrameEncoding)] // One that goes below zero.
    [InlineData("02 01 00 01 00 00 00", TransportError.FrameEncoding)] // One whose second range does.
    [InlineData("19 20", TransportError.ProtocolViolation)] // An id is retired that never was.
    [InlineData("1e", TransportError.ProtocolViolation)] // A client confirms no handshake.
    [InlineData("07 01 aa", TransportError.ProtocolViolation)] // Nor does it give tokens.
    [InlineData("18 05 06 04 01020304 " + Token, TransportError.FrameEncoding)] // An id that retires itself.
    [InlineData("18 05 00 00 " + Token, TransportError.FrameEncoding)] // One of no bytes.
    [InlineData("18 00 00 04 01020304 " + Token, TransportError.ProtocolViolation)] // The first id becomes another.
    // One id twice.
    [InlineData(
        "18 0a 0a 08 0102030405060708 " + Token + "18 0b 0a 08 0102030405060708 " + Token, TransportError.ProtocolViolation)]
    [InlineData("18 0a 00 04 01020304 " + Token, TransportError.ConnectionIdLimit)] // The fifth of four.
    [InlineData("06 8fffffff 01 aa", TransportError.CryptoBufferExceeded)] // Handshake bytes far ahead.
    public void A_broken_rule_ends_the_connection_with_its_code(string frames, long code)
    {
        using var forger = new Forger(s_small);
        forger.Send(frames);
        Assert.Equal(ConnectionState.Closing, forger.Server.State);
        Assert.Equal(code, forger.Server.Error!.Code);
        var farewell = Assert.Single(forger.Answers());
        Assert.Equal([FrameType.CloseTransport, (byte)code], farewell.Frames[..2]);
    }

    [Theory]
    [InlineData("0e 00 43e7 01 aa")] // The last byte of a stream's window.
    [InlineData("0e 00 42ee 01 aa 0e 04 42ec 01 aa")] // And of the connection's, in two streams.
    [InlineData("0a 08 01 aa")] // The third stream of three.
    [InlineData("0f 00 05 01 aa 0f 00 05 01 aa")] // The same end twice.
    [InlineData("02 00 00 00 00")] // An acknowledgement of the first packet.
    [InlineData("18 04 04 04 01020304 " + Token + "18 04 04 04 01020304 " + Token)] // The same frame twice.
    public void What_is_just_allowed_is_taken(string frames)
    {
        using var forger = new Forger(s_small);
        forger.Send(frames);
        Assert.Equal(ConnectionState.Established, forger.Server.State);
    }

    [Fact]
    public void A_datagram_larger_than_announced_is_an_error()
    {
        using var forger = new Forger(s_small);
        forger.Send("31 4061" + new string('0', 2 * 97));
        Assert.Equal(ConnectionState.Established, forger.Server.State);
        forger.Send("31 4062" + new string('0', 2 * 98));
        Assert.Equal(TransportError.ProtocolViolation, forger.Server.Error!.Code);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("01 00000000", 0x08)]
    [InlineData("01 00000000", 0x10)]
    public void A_packet_without_frames_or_with_reserved_bits_is_an_error(string frames, byte flags)
    {
        using var forger = new Forger();
        forger.Deliver(forger.Packet(frames, flags: flags));
        Assert.Equal(TransportError.ProtocolViolation, forger.Server.Error!.Code);
    }

    [Fact]
    public void A_packet_that_comes_again_is_not_taken_again()
    {
        using var forger = new Forger();
        byte[] packet = forger.Packet("31 01 aa");
        forger.Deliver(packet);
        forger.Deliver(packet);
        Assert.Equal(1, forger.DatagramsTaken());
    }

    [Fact]
    public void Nor_is_it_when_the_list_of_what_came_has_been_cut()
    {
        using var forger = new Forger();
        byte[] first = forger.Packet("31 01 aa");
        forger.Deliver(first);
        for (int i = 0; i < 100; i++)
        {
            forger.Number++;
            forger.Send("01 00000000");
        }

        Assert.Equal(1, forger.DatagramsTaken());
        forger.Deliver(first);
        Assert.Equal(0, forger.DatagramsTaken());
    }

    [Fact]
    public void An_id_that_is_retired_leads_nowhere_and_another_one_is_offered()
    {
        using var forger = new Forger();
        forger.Answers();
        byte[] used = forger.Id;
        int ids = forger.IdCount;
        forger.Send("19 01");
        Assert.Equal(ids, forger.IdCount);
        var offer = Assert.Single(forger.Answers());
        Assert.Contains(FrameType.NewConnectionId, offer.Frames.Select(value => (int)value));
        Assert.Equal(ConnectionState.Established, forger.Server.State);

        // The very id that the packet came to may not be given up by it.
        Assert.Equal(used, forger.Id);
        forger.Send("19 00");
        Assert.Equal(TransportError.ProtocolViolation, forger.Server.Error!.Code);
    }

    [Fact]
    public void Ids_that_the_peer_takes_back_are_given_back_and_not_used()
    {
        using var forger = new Forger();
        forger.Answers();

        // Ids 0 to 3 are known; 4 and up replace all of them.
        forger.Send("18 04 04 08 0102030405060708 " + Token);
        var answer = Assert.Single(forger.Answers());
        Assert.Equal("0102030405060708", Convert.ToHexStringLower(answer.Id));
        Assert.Equal(4, answer.Frames.Count(value => value == FrameType.RetireConnectionId));
    }

    [Fact]
    public void A_packet_that_nobody_sealed_ends_nothing()
    {
        using var forger = new Forger();
        byte[] packet = forger.Packet("31 01 aa");
        packet[^1] ^= 1;
        forger.Deliver(packet);
        Assert.Equal((ConnectionState.Established, 0), (forger.Server.State, forger.DatagramsTaken()));
    }

    [Fact]
    public void Who_closed_answers_ever_more_rarely()
    {
        using var forger = new Forger();
        forger.Send("1e");
        int answers = 0;
        for (int i = 0; i < 1000; i++)
        {
            forger.Send("01 00000000");
            answers += forger.Answers().Count;
        }

        Assert.InRange(answers, 5, 12);
    }
}
