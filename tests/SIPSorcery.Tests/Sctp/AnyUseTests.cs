using FsCheck;
using FsCheck.Fluent;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

/// <summary>Whatever an application does, in whatever order, on whatever network: the promises of the API hold.</summary>
public class AnyUseTests
{
    [Fact]
    public void Reliable_streams_keep_order_and_lose_nothing_beside_resets_and_lossy_streams()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), (int seed) => Use(seed)).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static bool Use(int seed)
    {
        var random = new Random(seed);
        var wire = new Wire(random.Next(4) * 0.06, random.Next(3) * 0.1, random.Next(1, 60) * 1000, random.Next(3) * 10_000);
        var pair = new SimulatedPair(
            seed & 0xFFFF, wire, new SctpOptions { SendBufferLimit = 200_000, MaxPacketSize = random.Next(800, 4000) });
        pair.A.Connect(pair.Now);
        if (random.Next(2) == 0)
            pair.B.Connect(pair.Now);
        var next = new Dictionary<(bool FromA, ushort Stream), int>();
        var refused = 0;
        for (var step = 0; step < 120; step++)
        {
            var fromA = random.Next(2) == 0;
            var side = fromA ? pair.A : pair.B;
            switch (random.Next(12))
            {
                case 0:
                    pair.Run(random.NextDouble() * 0.3);
                    break;
                case 1:
                    side.ResetStream((ushort)random.Next(4, 8));
                    break;
                case 2 or 3:
                    side.Send((ushort)random.Next(8, 10), 51, new byte[random.Next(1, 5000)],
                        new SctpSendOptions(random.Next(2) == 0, random.Next(3)), pair.Now);
                    break;
                case 4:
                    side.Send((ushort)random.Next(8, 10), 51, new byte[random.Next(1, 5000)],
                        new SctpSendOptions(LifetimeMicros: random.Next(300_000)), pair.Now);
                    break;
                default:
                    var stream = (ushort)random.Next(8);
                    var number = next.GetValueOrDefault((fromA, stream));
                    var message = new byte[random.Next(6) == 0 ? random.Next(4, 60_000) : random.Next(4, 1500)];
                    BitConverter.TryWriteBytes(message, number);
                    if (side.Send(stream, 53, message, default, pair.Now) == SctpSendResult.Accepted)
                        next[(fromA, stream)] = number + 1;
                    else
                        refused++;
                    break;
            }
        }

        pair.RunUntil(() => pair.A.TotalBufferedAmount == 0 && pair.B.TotalBufferedAmount == 0
            && Arrived() == next.Values.Sum(), 300);
        foreach (var ((fromA, stream), count) in next)
        {
            var got = (fromA ? pair.EventsB : pair.EventsA)
                .Where(e => e.Kind == SctpEventKind.Message && e.Stream == stream && e.PayloadProtocol == 53)
                .Select(e => BitConverter.ToInt32(e.Data!));
            Assert.Equal(Enumerable.Range(0, count), got);
        }

        // A reset takes what was not sent with partial reliability no further; all memory is given back in the end.
        pair.RunUntil(() => pair.A.ReceiveHeld == 0 && pair.B.ReceiveHeld == 0, 60);
        Assert.Equal((SctpState.Established, SctpState.Established), (pair.A.State, pair.B.State));
        return refused >= 0;

        int Arrived() => pair.EventsA.Concat(pair.EventsB).Count(e => e.Kind == SctpEventKind.Message
            && e.PayloadProtocol == 53);
    }
}
