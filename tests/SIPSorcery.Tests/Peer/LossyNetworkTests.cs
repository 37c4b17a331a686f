using System.Buffers.Binary;
using SIPSorcery.Net;
using SIPSorcery.Net.Sctp;

namespace SIPSorcery.Tests.Peer;

/// <summary>Whole sessions over bad networks: everything arrives once and in order, and nothing ends that should not.</summary>
public sealed class LossyNetworkTests
{
    private const int MessageCount = 150;

    [Theory]
    [InlineData(1, 0.00, 0, 0)]
    [InlineData(2, 0.05, 20_000, 0)]
    [InlineData(3, 0.10, 0, 0.1)]
    [InlineData(4, 0.20, 20_000, 0.2)]
    public void Data_arrives_once_and_in_order(int seed, double loss, long jitter, double doubling)
    {
        using var world = new SimulatedWorld(seed) { Loss = loss, Jitter = jitter, Doubling = doubling };
        Exchange(world);
    }

    [Fact]
    public void A_long_way_with_jitter_only_takes_longer()
    {
        using var world = new SimulatedWorld(5) { Delay = 300_000, Jitter = 20_000 };
        Exchange(world);
    }

    [Fact]
    public void A_blackout_of_two_seconds_is_survived()
    {
        using var world = new SimulatedWorld(6);
        var channel = Open(world);
        world.IsDark = true;
        SendAll(world.Alice, channel);
        world.Run(2_000_000);
        world.IsDark = false;

        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == MessageCount, 120_000_000));
        CheckOrder(world.Bob);
        Assert.DoesNotContain(RTCIceConnectionState.disconnected, world.Alice.IceStates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_whose_address_changes_goes_on(bool offererMoves)
    {
        using var world = new SimulatedWorld(7);
        var channel = Open(world);
        var (mover, other) = offererMoves ? (world.Alice, world.Bob) : (world.Bob, world.Alice);
        mover.Address = NetAddress.FromIPv4(0x0A000099, 3333);
        SendAll(world.Alice, channel);

        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == MessageCount, 60_000_000));
        CheckOrder(world.Bob);
        Assert.Equal(mover.Address, other.Ice.Selected!.Remote);
        Assert.DoesNotContain(RTCIceConnectionState.failed, world.Alice.IceStates);
    }

    [Fact]
    public void Video_recovers_from_loss()
    {
        using var world = new SimulatedWorld(8) { Loss = 0.05, Delay = 20_000 };
        Open(world);
        var cutter = new FramePacketiser();
        for (var number = 0; number < 300; number++)
        {
            byte[] head = number % 60 == 0
                ? [0, 0, 0, 1, 0x67, 0x42, 0xE0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE, 0x11, 0, 0, 0, 1, 0x65, 0x88]
                : [0, 0, 0, 1, 0x41, 0x9A];
            var cut = cutter.Packetise([.. head, .. Enumerable.Repeat((byte)(1 + (number % 250)), 6000)], 1150);
            world.Alice.Sender!.SendFrame(cut, (uint)(3000 * number), world.Now);
            cut.Release();
            world.Run(33_333);
        }

        world.Run(1_000_000);
        Assert.InRange(world.Bob.Frames.Count, 285, 300);
        Assert.True(world.Bob.Frames.Zip(world.Bob.Frames.Skip(1)).All(pair => pair.First.Timestamp < pair.Second.Timestamp));
    }

    private static void Exchange(SimulatedWorld world)
    {
        SendAll(world.Alice, Open(world));
        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == MessageCount, 300_000_000));
        CheckOrder(world.Bob);
    }

    private static DataChannelCore Open(SimulatedWorld world)
    {
        world.Start();
        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured), "not secured");
        return world.OpenChannel();
    }

    private static void SendAll(SimulatedEnd end, DataChannelCore channel)
    {
        var random = new Random(1);
        for (var number = 0; number < MessageCount; number++)
        {
            var message = new byte[4 + random.Next(number % 10 == 0 ? 30_000 : 500)];
            BinaryPrimitives.WriteInt32LittleEndian(message, number);
            end.Send(channel, message);
        }
    }

    private static void CheckOrder(SimulatedEnd end) => Assert.Equal(
        Enumerable.Range(0, MessageCount), end.Messages.Select(message => BinaryPrimitives.ReadInt32LittleEndian(message)));
}
