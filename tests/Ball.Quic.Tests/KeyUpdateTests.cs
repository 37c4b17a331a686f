using Ball.Quic.Connections;
using Ball.Quic.Tests.Simulation;

namespace Ball.Quic.Tests;

/// <summary>Key updates (RFC 9001, section 6).</summary>
public sealed class KeyUpdateTests
{
    private const string Datagram = "31 01 aa";

    [Fact]
    public void A_packet_of_the_old_key_that_comes_late_still_opens()
    {
        using var forger = new Forger();
        byte[] late = forger.Packet(Datagram);
        forger.UpdateKey();
        forger.Send(Datagram);
        forger.Deliver(late);
        Assert.Equal(2, forger.DatagramsTaken());
    }

    [Fact]
    public void A_packet_of_the_new_key_that_comes_early_opens_too()
    {
        using var forger = new Forger();
        byte[] old = forger.Packet(Datagram);
        forger.UpdateKey();
        byte[] first = forger.Packet(Datagram), second = forger.Packet(Datagram);
        forger.Deliver(second);
        forger.Deliver(first);
        forger.Deliver(old);
        Assert.Equal(3, forger.DatagramsTaken());
    }

    [Fact]
    public void The_peers_update_is_followed_in_the_next_packet()
    {
        using var forger = new Forger();
        forger.Answers();
        forger.UpdateKey();
        forger.Send("01 00000000");
        forger.Now += 30_000;
        var answer = Assert.Single(forger.Answers());
        Assert.Equal(0x04, answer.Flags & 0x04);
        Assert.Equal(1, forger.Server.Statistics.KeyUpdates);
    }

    [Fact]
    public void A_key_of_which_nothing_was_acknowledged_is_not_renewed()
    {
        using var forger = new Forger();
        forger.Answers();
        forger.UpdateKey();
        forger.Send("01 00000000");
        Assert.False(forger.Server.TryUpdateKey());
        forger.Now += 30_000;
        long number = Assert.Single(forger.Answers()).Number;
        forger.Send($"02 {0x40 | (number >> 8):x2}{number & 255:x2} 00 00 00");
        Assert.True(forger.Server.TryUpdateKey());
    }

    [Fact]
    public void A_forged_update_changes_nothing()
    {
        using var forger = new Forger();
        forger.Answers();
        byte[] forged = forger.Packet(Datagram);

        // The phase's bit is hidden by the header's mask, but can be turned blindly.
        forged[0] ^= 0x04;
        forger.Deliver(forged);
        forger.Send(Datagram);
        forger.Now += 30_000;
        Assert.Equal(0, Assert.Single(forger.Answers()).Flags & 0x04);
        Assert.Equal(1, forger.DatagramsTaken());
    }

    [Fact]
    public void The_key_is_renewed_after_so_many_packets()
    {
        var network = new SimulatedNetwork(3, new ConnectionOptions { PacketsPerKey = 40 });
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        network.Run(() => false, 200_000);
        for (int i = 0; i < 400; i++)
        {
            network.Client.TrySendDatagram([1], []);
            network.Run(() => false, 50_000);
        }

        // Each renewal of one side is followed by the other.
        Assert.InRange(network.Client.Statistics.KeyUpdates, 5, 20);
        Assert.InRange(network.Server!.Statistics.KeyUpdates,
            network.Client.Statistics.KeyUpdates - 1, network.Client.Statistics.KeyUpdates);
        Assert.Equal(0, network.Client.Statistics.PacketsLost);
    }
}
