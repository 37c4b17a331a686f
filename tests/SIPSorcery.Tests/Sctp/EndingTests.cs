using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

public class EndingTests
{
    [Fact]
    public void A_shutdown_delivers_everything_first()
    {
        for (var seed = 1; seed <= 40; seed++)
        {
            var pair = SimulatedPair.Connected(seed, new Wire(Loss: seed % 4 * 0.07, Duplication: 0.1, Delay: 10_000, Jitter: 5000));
            for (var i = 0; i < 10; i++)
            {
                pair.A.Send(1, 53, new byte[3000], default, pair.Now);
                pair.B.Send(1, 53, new byte[3000], default, pair.Now);
            }

            pair.A.Shutdown(pair.Now);
            if (seed % 3 == 0)
                pair.B.Shutdown(pair.Now);
            Assert.Equal(SctpSendResult.Closed, pair.A.Send(1, 53, [1], default, pair.Now));
            pair.RunUntil(() => pair.A.State == SctpState.Closed && pair.B.State == SctpState.Closed, 100);
            Assert.Equal(10, pair.MessagesAt(true).Count());
            Assert.Equal(10, pair.MessagesAt(false).Count());
            Assert.Contains(SctpCloseReason.Shutdown, new[] { pair.A.CloseReason, pair.B.CloseReason });
            Assert.Single(pair.EventsA, e => e.Kind == SctpEventKind.Closed);
        }
    }

    [Fact]
    public void An_abort_ends_both_sides_at_once()
    {
        var pair = SimulatedPair.Connected();
        pair.A.Send(1, 53, new byte[100_000], default, pair.Now);
        pair.A.Abort("enough");
        pair.RunUntil(() => pair.B.State == SctpState.Closed, 1);
        Assert.Equal(SctpCloseReason.LocalAbort, pair.A.CloseReason);
        Assert.Equal(SctpCloseReason.PeerAbort, pair.B.CloseReason);
        Assert.Equal(long.MaxValue, pair.A.NextTimeout);
        Assert.Equal(0, pair.A.TotalBufferedAmount);
    }

    [Fact]
    public void A_lost_abort_is_told_again_when_the_peer_goes_on()
    {
        var pair = SimulatedPair.Connected();
        var dropped = false;
        pair.Filter = (fromA, packet) => !fromA || !PacketBuilder.Has(packet, ChunkType.Abort) || !(dropped = !dropped);
        pair.A.Abort();
        pair.Run(1);
        Assert.Equal(SctpState.Established, pair.B.State);
        pair.B.Send(1, 53, [1], default, pair.Now);
        pair.RunUntil(() => pair.B.State == SctpState.Closed, 5);
    }

    [Fact]
    public void A_peer_that_falls_silent_is_noticed_while_sending()
    {
        var pair = SimulatedPair.Connected();
        pair.Filter = (_, _) => false;
        pair.A.Send(1, 53, [1], default, pair.Now);
        pair.RunUntil(() => pair.A.State == SctpState.Closed, 60);
        Assert.Equal(SctpCloseReason.PathFailure, pair.A.CloseReason);
    }

    [Fact]
    public void A_peer_that_falls_silent_is_noticed_by_heartbeats()
    {
        var pair = SimulatedPair.Connected();
        pair.Run(100);
        Assert.Equal(SctpState.Established, pair.A.State);
        var sent = pair.A.Counters.PacketsSent;
        Assert.InRange(sent, 4, 60);
        pair.Filter = (_, _) => false;
        pair.RunUntil(() => pair.A.State == SctpState.Closed && pair.B.State == SctpState.Closed, 300);
        Assert.Equal(SctpCloseReason.PathFailure, pair.A.CloseReason);
    }
}
