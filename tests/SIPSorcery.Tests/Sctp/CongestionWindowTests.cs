using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class CongestionWindowTests
{
    private const int Packet = 1000;
    private readonly CongestionWindow _window = new(Packet, 10);

    [Fact]
    public void It_grows_by_what_arrives_while_nothing_was_lost_and_only_when_it_is_used()
    {
        _window.OnAcked(5 * Packet, flightBefore: 10 * Packet, 5);
        Assert.Equal(15 * Packet, _window.Size);
        _window.OnAcked(5 * Packet, flightBefore: 5 * Packet, 10);
        Assert.Equal(15 * Packet, _window.Size);
    }

    [Fact]
    public void Losses_of_one_window_halve_it_once()
    {
        Assert.True(_window.OnLoss(100));
        Assert.Equal(5 * Packet, _window.Size);
        Assert.False(_window.OnLoss(120));
        Assert.Equal(5 * Packet, _window.Size);

        // While the window in which it was lost is not through, nothing grows; the next loss after it is another one.
        _window.OnAcked(5 * Packet, flightBefore: 5 * Packet, 99);
        Assert.Equal(5 * Packet, _window.Size);
        Assert.True(_window.InRecovery);
        _window.OnAcked(0, flightBefore: 0, 100);
        Assert.True(_window.OnLoss(200));
        Assert.Equal(4 * Packet, _window.Size);
    }

    [Fact]
    public void After_a_loss_it_grows_by_a_packet_a_window()
    {
        _window.OnLoss(100);
        _window.OnAcked(Packet, flightBefore: 5 * Packet, 100); // up to the half still fast
        var start = _window.Size;
        var tsn = 100u;
        for (var windows = 0; windows < 4; windows++)
        {
            for (var acked = 0L; acked < _window.Size; acked += Packet)
                _window.OnAcked(Packet, flightBefore: _window.Size, ++tsn);
        }

        Assert.InRange(_window.Size, start + 3 * Packet, start + 4 * Packet);
    }

    [Fact]
    public void A_timeout_starts_anew_up_to_half_of_what_there_was()
    {
        _window.OnTimeout();
        Assert.Equal(Packet, _window.Size);
        for (var tsn = 0u; tsn < 8; tsn++)
            _window.OnAcked(Packet, flightBefore: _window.Size, tsn);
        Assert.InRange(_window.Size, 5 * Packet, 7 * Packet);
    }
}
