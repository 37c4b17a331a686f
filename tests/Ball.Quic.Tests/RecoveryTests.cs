using Ball.Quic.Recovery;
using Ball.Quic.Tls;

namespace Ball.Quic.Tests;

/// <summary>What is lost, when to ask again, and how much may fly (RFC 9002).</summary>
public sealed class RecoveryTests : IFrameFate
{
    private const int Size = 1200;

    private readonly PacketSpace[] _spaces =
        [new(EncryptionLevel.Initial), new(EncryptionLevel.Handshake), new(EncryptionLevel.Application)];

    private readonly LossRecovery _recovery;
    private readonly List<long> _acked = [];
    private readonly List<long> _lost = [];

    public RecoveryTests() => _recovery = new LossRecovery(_spaces, this, Size) { HandshakeConfirmed = true };

    private PacketSpace Space => _spaces[2];

    void IFrameFate.FrameAcked(EncryptionLevel level, in SentFrame frame) => _acked.Add(frame.Offset);

    void IFrameFate.FrameLost(EncryptionLevel level, in SentFrame frame) => _lost.Add(frame.Offset);

    [Fact]
    public void What_three_later_packets_have_overtaken_is_lost()
    {
        Send(5, at: 1_000_000);
        Ack(2, at: 1_010_000);
        Assert.Empty(_lost);
        Ack(3, at: 1_010_000);
        Assert.Equal([0], _lost);
        Ack(4, at: 1_010_000);
        Assert.Equal([0, 1], _lost);
    }

    [Fact]
    public void What_is_overtaken_is_lost_after_nine_eighths_of_a_round_trip()
    {
        Send(2, at: 1_000_000);
        Ack(1, at: 1_080_000);
        Assert.Empty(_lost);
        Assert.Equal(1_090_000, _recovery.NextTimeout());
        _recovery.OnTimeout(1_089_999);
        Assert.Empty(_lost);
        _recovery.OnTimeout(1_090_000);
        Assert.Equal([0], _lost);
    }

    [Fact]
    public void Silence_is_answered_by_probes_at_doubling_distances()
    {
        Send(2, at: 1_000_000);
        Ack(0, at: 1_100_000);
        Send(1, at: 1_100_000);

        // Smoothed, four variations, and what the peer may hold back.
        long distance = 100_000 + 4 * 50_000 + 25_000, at = 1_100_000;
        for (int probe = 0; probe < 4; probe++)
        {
            Assert.Equal(at + (distance << probe), _recovery.NextTimeout());
            _recovery.OnTimeout(_recovery.NextTimeout() - 1);
            Assert.Equal(probe, _recovery.ProbeCount);
            _recovery.OnTimeout(_recovery.NextTimeout());
            Assert.Equal(2, Space.Probes);
        }

        // What is oldest goes again in them, though it is not given up.
        Assert.Equal([1, 2], _lost.Distinct());
        Assert.Equal(0, _recovery.PacketsLost);
        Ack(2, at: 3_000_000);
        Assert.Equal(0, _recovery.ProbeCount);
    }

    [Fact]
    public void The_round_trip_is_smoothed_without_what_the_peer_held_back()
    {
        var rtt = new RttEstimate();
        rtt.Add(100_000, 50_000);
        Assert.Equal((100_000, 50_000, 100_000), (rtt.Smoothed, rtt.Variation, rtt.Min));
        rtt.Add(190_000, 10_000);
        Assert.Equal((7 * 100_000 + 180_000) / 8, rtt.Smoothed);
        Assert.Equal((3 * 50_000 + 80_000) / 4, rtt.Variation);

        // A delay that would go below the least ever seen is not believed.
        rtt.Add(105_000, 20_000);
        Assert.Equal((7 * 110_000 + 105_000) / 8, rtt.Smoothed);
    }

    [Fact]
    public void The_window_grows_by_what_is_acknowledged_and_halves_once_in_a_round_trip()
    {
        var congestion = _recovery.Congestion;
        long start = congestion.Window;
        Assert.Equal(10 * Size, start);
        Send(10, at: 1_000_000);
        Assert.Equal(10 * Size, congestion.InFlight);
        Ack(0, 4, at: 1_100_000);
        Assert.Equal((start + 5 * Size, 5 * Size), (congestion.Window, congestion.InFlight));

        Ack(9, at: 1_100_000);
        Assert.Equal([5, 6], _lost);
        long halved = congestion.Window;
        Assert.Equal((start + 6 * Size) / 2, halved);

        // The others of the same flight are lost too, which is the same event.
        _recovery.OnTimeout(_recovery.NextTimeout());
        Assert.Equal([5, 6, 7, 8], _lost);
        Assert.Equal((halved, 0), (congestion.Window, congestion.InFlight));
    }

    [Fact]
    public void After_a_loss_it_grows_by_one_packet_in_a_round_trip()
    {
        var congestion = _recovery.Congestion;
        congestion.Congestion(1_000_000, 1_000_000);
        long halved = congestion.Window;
        for (long flight = 0; flight < halved; flight += Size)
        {
            congestion.Sent(Size);
            congestion.Acked(Size, 2_000_000, windowUsed: true);
        }

        Assert.Equal(halved + Size, congestion.Window);
    }

    [Fact]
    public void A_window_that_was_not_used_does_not_grow()
    {
        var congestion = _recovery.Congestion;
        congestion.Sent(Size);
        congestion.Acked(Size, 1_000_000, windowUsed: false);
        Assert.Equal(10 * Size, congestion.Window);
    }

    [Fact]
    public void When_nothing_came_through_for_long_the_window_is_the_least()
    {
        Send(1, at: 1_000_000);
        Ack(0, at: 1_100_000);

        // All of several seconds is lost.
        for (int i = 0; i < 6; i++)
            Send(1, at: 2_000_000 + i * 1_000_000);
        Send(1, at: 9_000_000);
        Ack(7, at: 9_100_000);
        Assert.Equal(6, _recovery.PacketsLost);
        Assert.Equal(2 * Size, _recovery.Congestion.Window);
    }

    [Fact]
    public void A_window_goes_out_over_a_round_trip_and_not_in_one_burst()
    {
        var pacer = new Pacer(Size);
        const long window = 100 * Size, rtt = 100_000;
        long now = 1_000_000, end = now + rtt;
        int atOnce = 0, sent = 0;
        for (; atOnce < 1000 && pacer.NextSend(now, window, rtt) <= now; atOnce++)
            pacer.Sent(Size);
        Assert.InRange(atOnce, 5, 15);
        for (sent = atOnce; now < end; sent++)
        {
            now = Math.Max(now, pacer.NextSend(now, window, rtt));
            pacer.Sent(Size);
        }

        Assert.InRange(sent, 100, 145);
    }

    private void Send(int count, long at)
    {
        for (; count > 0; count--)
        {
            var packet = _recovery.Rent();
            packet.Number = Space.NextNumber++;
            packet.Size = Size;
            packet.AckEliciting = packet.InFlight = true;
            packet.Frames.Add(new SentFrame(SentKind.Stream, 0, packet.Number, 1));
            _recovery.OnSent(Space, packet, at);
        }
    }

    private void Ack(long number, long at) => Ack(number, number, at);

    private void Ack(long first, long last, long at)
    {
        var result = new AckResult(last);
        _recovery.OnAckRange(Space, first, last, ref result, windowUsed: true);
        _recovery.OnAckEnd(Space, result, 0, at);
    }
}
