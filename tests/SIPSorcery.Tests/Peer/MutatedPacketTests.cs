using SIPSorcery.Net;

namespace SIPSorcery.Tests.Peer;

/// <summary>Packets of a real session, damaged, through the whole input of a peer.</summary>
public sealed class MutatedPacketTests
{
    [Fact]
    public void A_million_damaged_packets_are_survived_and_the_session_still_works()
    {
        var seen = new List<byte[]>();
        using var world = new SimulatedWorld(21)
        {
            Tap = (packet, _) =>
            {
                seen.Add(packet.ToArray());
                return true;
            },
        };
        world.Start();
        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured));
        world.OpenChannel();
        world.Tap = (_, _) => false;

        var random = new Random(22);
        var buffer = new byte[1600];
        for (var run = 0; run < 1_000_000; run++)
        {
            var source = seen[run % seen.Count];
            source.CopyTo(buffer, 0);
            for (var changes = random.Next(1, 5); changes > 0; changes--)
            {
                buffer[random.Next(source.Length)] = (byte)random.Next(256);
            }

            var length = random.Next(10) == 0 ? random.Next(source.Length) : source.Length;
            world.Bob.Core.HandlePacket(buffer.AsSpan(0, length), world.Alice.Address, world.Now);
            if (run % 1000 == 0)
            {
                world.Bob.Settle();
            }
        }

        world.Bob.Settle();
        world.Tap = null;
        Assert.Equal(DtlsState.Connected, world.Bob.Core.Dtls!.State);
        world.Alice.Send(world.Alice.Channels[0], [1, 2, 3]);
        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == 1));
    }

    [Fact]
    public void Damaged_handshakes_end_in_a_session_or_in_none_but_never_in_a_false_one()
    {
        const int Sessions = 30;
        var secured = 0;
        for (var seed = 0; seed < Sessions; seed++)
        {
            var random = new Random(seed);
            using var world = new SimulatedWorld(seed);
            world.Tap = (packet, _) =>
            {
                if (packet[0] is >= 20 and < 64 && random.Next(3) == 0)
                {
                    packet[random.Next(packet.Length)] ^= (byte)random.Next(1, 256);
                }

                return true;
            };
            world.Start();
            world.RunUntil(
                () => (world.Alice.IsSecured && world.Bob.IsSecured) || Failed(world.Alice) || Failed(world.Bob), 400_000);
            if (world.Alice.IsSecured && world.Bob.IsSecured)
            {
                secured++;
                Assert.Equal(world.Alice.Core.Dtls!.SrtpProfile, world.Bob.Core.Dtls!.SrtpProfile);
                world.Tap = null;
                world.Alice.Send(world.OpenChannel(), [1, 2, 3]);
                Assert.True(world.RunUntil(() => world.Bob.Messages.Count == 1));
            }
        }

        Assert.InRange(secured, 1, Sessions - 1);
    }

    private static bool Failed(SimulatedEnd end) => end.Events.Exists(happened => happened.Kind == PeerEventKind.SecurityFailed);
}
