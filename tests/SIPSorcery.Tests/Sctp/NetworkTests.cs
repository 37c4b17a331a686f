using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Sctp;

/// <summary>Everything arrives once and in order, whatever the network does, in bounded time.</summary>
public class NetworkTests
{
    public static TheoryData<string> Networks => new(s_wires.Keys);

    private static readonly Dictionary<string, Wire> s_wires = new()
    {
        ["clean"] = new Wire(),
        ["5 % loss"] = new Wire(Loss: 0.05, Delay: 12_500),
        ["20 % loss"] = new Wire(Loss: 0.2, Delay: 20_000),
        ["duplication"] = new Wire(Duplication: 0.3, Delay: 10_000),
        ["20 ms jitter reorders"] = new Wire(Delay: 10_000, Jitter: 20_000),
        ["300 ms delay"] = new Wire(Delay: 300_000),
        ["300 ms delay and loss"] = new Wire(Loss: 0.05, Delay: 300_000),
        ["2 s blackout"] = new Wire(Delay: 20_000, BlackoutFrom: 1_300_000, BlackoutTo: 3_300_000),
        ["everything"] = new Wire(0.1, 0.1, 50_000, 20_000, 3_000_000, 5_000_000),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Everything_arrives_once_and_in_order_both_ways(string network)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var pair = new SimulatedPair(seed, s_wires[network]);
            pair.A.Connect(pair.Now);
            if (seed % 2 == 0)
                pair.B.Connect(pair.Now);
            var random = new Random(seed);
            var toB = Messages(random, 60);
            var toA = Messages(random, 40);
            foreach (var message in toB)
                Assert.Equal(SctpSendResult.Accepted, pair.A.Send(1, 53, message, default, pair.Now));
            pair.RunUntil(() => pair.B.State == SctpState.Established, 30);
            foreach (var message in toA)
                Assert.Equal(SctpSendResult.Accepted, pair.B.Send(7, 51, message, default, pair.Now));
            pair.RunUntil(() => pair.MessagesAt(a: true).Count() >= toA.Length
                && pair.MessagesAt(a: false).Count() >= toB.Length, 120);
            pair.Run(10);
            Assert.Equal(toB.Select(m => m.Length), pair.MessagesAt(a: false).Select(m => m.Length));
            Assert.Equal(toA.Select(m => m.Length), pair.MessagesAt(a: true).Select(m => m.Length));
            Assert.True(toB.SelectMany(m => m).SequenceEqual(pair.MessagesAt(a: false).SelectMany(m => m)));
            Assert.True(toA.SelectMany(m => m).SequenceEqual(pair.MessagesAt(a: true).SelectMany(m => m)));
            Assert.All(pair.EventsB.Where(e => e.Kind == SctpEventKind.Message), e => Assert.Equal((1, 53u), (e.Stream,
                e.PayloadProtocol)));
            Assert.Equal(SctpState.Established, pair.A.State);
            Assert.Equal(0, pair.A.TotalBufferedAmount);
            Assert.Equal(0, pair.B.ReceiveHeld);
        }
    }

    private static byte[][] Messages(Random random, int count)
    {
        var messages = new byte[count][];
        for (var i = 0; i < count; i++)
        {
            messages[i] = new byte[random.Next(10) switch
            {
                0 => random.Next(20_000, 70_000),
                < 4 => random.Next(1000, 5000),
                _ => random.Next(1, 400),
            }];
            random.NextBytes(messages[i]);
        }

        return messages;
    }
}
