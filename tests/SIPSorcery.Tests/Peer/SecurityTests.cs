using SIPSorcery.Net;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Peer;

/// <summary>What must not be believed.</summary>
[Collection(nameof(Alone))]
public sealed class SecurityTests
{
    private static readonly NetAddress s_stranger = NetAddress.FromIPv4(0x0A0000FF, 6666);

    [Fact]
    public void Packets_sent_again_by_somebody_else_are_refused()
    {
        var taken = new List<(byte[] Packet, NetAddress From)>();
        using var world = new SimulatedWorld(2)
        {
            Tap = (packet, from) =>
            {
                taken.Add((packet.ToArray(), from));
                return true;
            },
        };
        var channel = Connect(world);
        world.Alice.Send(channel, [1, 2, 3]);
        world.RunUntil(() => world.Bob.Messages.Count == 1);

        foreach (var (packet, from) in taken.ToArray())
        {
            world.Inject(packet, from, from == world.Alice.Address ? world.Bob.Address : world.Alice.Address);
        }

        world.Run(5_000_000);
        Assert.Single(world.Bob.Messages);
        Assert.Equal(DtlsState.Connected, world.Bob.Core.Dtls!.State);
        world.Alice.Send(channel, [4]);
        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == 2));
    }

    [Fact]
    public void Checks_without_the_password_move_nothing_and_are_counted()
    {
        using var world = new SimulatedWorld(3);
        Connect(world);
        var before = world.Bob.Ice.Refused;
        Span<byte> buffer = stackalloc byte[256];
        for (var number = 0u; number < 1000; number++)
        {
            var writer = new StunWriter(buffer, StunType.Request, new StunTransaction(number, number));
            writer.Add(StunAttribute.Username, System.Text.Encoding.ASCII.GetBytes(world.Bob.Ice.Local.Ufrag + ":x"));
            writer.Add(StunAttribute.Priority, uint.MaxValue);
            writer.Add(StunAttribute.IceControlling, ulong.MaxValue);
            writer.Add(StunAttribute.UseCandidate, []);
            var length = writer.Finish("not the password"u8);
            world.Inject(buffer[..length].ToArray(), s_stranger, world.Bob.Address);
        }

        var sent = world.Delivered;
        world.Run(1_000_000);
        Assert.Equal(1000, world.Bob.Ice.Refused - before);
        Assert.Equal(world.Alice.Address, world.Bob.Ice.Selected!.Remote);
        Assert.DoesNotContain(world.Bob.Ice.Pairs, pair => pair.Remote == s_stranger);
        Assert.False(world.Bob.Ice.IsControlling);
        Assert.InRange(world.Delivered - sent, 1000, 1040);
    }

    [Fact]
    public void Answers_to_questions_never_asked_are_refused()
    {
        using var world = new SimulatedWorld(4);
        Connect(world);
        Span<byte> buffer = stackalloc byte[256];
        var writer = new StunWriter(buffer, StunType.Success, new StunTransaction(world.Alice.Ice.Tag, 12345));
        writer.AddMapped(s_stranger);
        var length = writer.Finish(world.Bob.Ice.Local.Key);
        var before = world.Alice.Ice.Refused;
        world.Inject(buffer[..length].ToArray(), world.Bob.Address, world.Alice.Address);
        world.Run(10_000);

        Assert.Equal(before + 1, world.Alice.Ice.Refused);
    }

    [Fact]
    public void A_flood_of_every_kind_is_dropped_and_the_session_goes_on()
    {
        using var world = new SimulatedWorld(5);
        var channel = Connect(world);
        var random = new Random(5);
        var memory = GC.GetTotalMemory(forceFullCollection: true);
        for (var number = 0; number < 50_000; number++)
        {
            var packet = new byte[random.Next(1, 200)];
            random.NextBytes(packet);
            world.Bob.Core.HandlePacket(packet, number % 2 == 0 ? s_stranger : world.Alice.Address, world.Now);
        }

        world.Bob.Settle();
        Assert.True(world.Bob.Core.Refused > 10_000);
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - memory, long.MinValue, 8_000_000);
        world.Alice.Send(channel, [1]);
        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == 1));
    }

    private static DataChannelCore Connect(SimulatedWorld world)
    {
        world.Start();
        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured));
        return world.OpenChannel();
    }
}
