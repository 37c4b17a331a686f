using Ball.Quic.Connections;
using Ball.Quic.Packets;
using Ball.Quic.Tests.Simulation;

namespace Ball.Quic.Tests;

/// <summary>Paths: who may move where, and what an address has to prove (RFC 9000, sections 8.2 and 9).</summary>
public sealed class PathTests
{
    private const string Ping = "01 00000000";
    private static readonly PeerAddress s_elsewhere = new(77, 6000);

    [Fact]
    public void A_challenge_is_answered_with_its_bytes_where_it_came_from_in_a_full_datagram()
    {
        using var forger = new Forger();
        forger.Answers();
        forger.Deliver(Padded(forger, "1a 0102030405060708"), s_elsewhere);
        var answer = forger.Answers().First(sent => sent.To == s_elsewhere);
        Assert.Equal([FrameType.PathResponse, 1, 2, 3, 4, 5, 6, 7, 8], answer.Frames[..9]);
        Assert.Equal(1200, answer.Size);
    }

    [Fact]
    public void A_probe_alone_moves_nobody()
    {
        using var forger = new Forger();
        forger.Send("1a 0102030405060708", s_elsewhere);
        Assert.Equal(forger.Address, forger.Server.Remote);
        forger.Send(Ping, s_elsewhere);
        Assert.Equal(s_elsewhere, forger.Server.Remote);
    }

    [Fact]
    public void An_old_packet_moves_nobody()
    {
        using var forger = new Forger();
        byte[] old = forger.Packet(Ping);
        forger.Send(Ping);
        forger.Deliver(old, s_elsewhere);
        Assert.Equal(forger.Address, forger.Server.Remote);
    }

    [Fact]
    public void Only_the_challenges_own_bytes_prove_an_address()
    {
        using var forger = new Forger();
        forger.Answers();
        byte[] packet = forger.Packet(Ping);
        forger.Deliver(packet, s_elsewhere);
        var challenge = forger.Answers()
            .First(sent => sent.To == s_elsewhere && sent.Frames[0] == FrameType.PathChallenge).Frames[1..9];

        forger.Send("1b ffffffffffffffff", s_elsewhere);
        Assert.InRange(Flood(forger), 0, 3 * 200);
        forger.Send($"1b {Convert.ToHexString(challenge)}", s_elsewhere);
        Assert.InRange(Flood(forger), 5000, 100_000);
    }

    [Fact]
    public void Who_moves_is_addressed_by_another_id()
    {
        using var forger = new Forger();
        forger.Answers();
        forger.Send(Ping);
        forger.Now += 30_000;
        byte[] before = forger.Answers()[0].Id;
        forger.Deliver(Padded(forger, Ping), s_elsewhere);
        forger.Now += 30_000;
        Assert.All(forger.Answers(), sent => Assert.NotEqual(before, sent.Id));
    }

    [Fact]
    public void An_address_that_never_answers_is_left_for_the_one_that_did()
    {
        using var forger = new Forger();
        forger.Deliver(Padded(forger, Ping), s_elsewhere);
        int challenges = 0;
        for (int i = 0; i < 100 && forger.Server.Remote == s_elsewhere; i++)
        {
            challenges += forger.Answers().Count(sent => sent.To == s_elsewhere && sent.Frames[0] == FrameType.PathChallenge);
            forger.Now = Math.Max(forger.Now + 1, forger.Server.NextTimeout);
            forger.Server.OnTimeout(forger.Now);
        }

        Assert.Equal(forger.Address, forger.Server.Remote);
        Assert.InRange(challenges, 2, 3);
    }

    [Fact]
    public void Nobody_moves_before_the_handshake_is_over()
    {
        var network = new SimulatedNetwork(1);
        var first = new List<byte[]>();
        network.Tap = (fromClient, datagram) =>
        {
            if (fromClient)
                first.Add([.. datagram]);
        };
        Assert.True(network.Run(() => network.Server is not null));
        var server = network.Server!;
        long received = server.Statistics.BytesReceived;
        server.Receive([.. first[0]], s_elsewhere, network.Now);
        Assert.Equal(received, server.Statistics.BytesReceived);
        Assert.Equal(network.ClientAddress, server.Remote);
    }

    private static byte[] Padded(Forger forger, string frames) => forger.Packet(frames + new string('0', 2 * 1000));

    private static long Flood(Forger forger)
    {
        long sent = 0;
        for (int i = 0; i < 50; i++)
        {
            forger.Server.TrySendDatagram(new byte[1000], []);
            forger.Now += 1000;
            sent += forger.Answers().Where(answer => answer.To == s_elsewhere).Sum(answer => answer.Size);
        }

        return sent;
    }
}
