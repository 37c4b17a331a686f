using SIPSorcery.Net;
using SIPSorcery.Tests.Peer;

namespace SIPSorcery.Tests.Dtls;

/// <summary>Handshakes over a network that loses whole flights. Alice is the server and Bob the client.</summary>
public sealed class RetransmissionTests
{
    private const int Attempts = 5;

    private readonly List<(DtlsFlight Flight, long At)> _sent = [];

    [Theory]
    [InlineData(DtlsFlight.ClientHello, 1)]
    [InlineData(DtlsFlight.ClientHello, 3)]
    [InlineData(DtlsFlight.ServerHello, 1)]
    [InlineData(DtlsFlight.ServerHello, 3)]
    [InlineData(DtlsFlight.ClientFinished, 1)]
    [InlineData(DtlsFlight.ClientFinished, 3)]
    [InlineData(DtlsFlight.ServerFinished, 1)]
    [InlineData(DtlsFlight.ServerFinished, 3)]
    public void A_flight_that_is_lost_is_sent_again(object flight, int times)
    {
        // OpenSSL's timer is the machine's: where that stands still for a moment, a flight is sent once more than it is lost.
        for (var attempt = 1; TimesNeeded((DtlsFlight)flight, times) != times + 1; attempt++)
        {
            Assert.True(attempt < Attempts, $"it was always sent more than {times + 1} times");
        }
    }

    /// <summary>Each side has a timer of its own: what the other repeats never comes through here.</summary>
    [Theory]
    [InlineData(DtlsFlight.ServerHello)]
    [InlineData(DtlsFlight.ClientFinished)]
    public void A_side_whose_flight_is_lost_needs_no_reminder(object flight)
    {
        var lost = (DtlsFlight)flight;
        using var world = new SimulatedWorld(2);
        world.Tap = Watch(world, sent =>
            sent == lost ? TimesSent(sent) > 1 : sent == DtlsFlight.None || TimesSent(lost) != 1 || TimesSent(sent) == 1);
        world.Start();

        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured, 10_000_000));
        Exchange(world);
    }

    [Theory]
    [InlineData(36)]
    [InlineData(44)]
    [InlineData(50)]
    [InlineData(51)]
    [InlineData(53)]
    public void A_handshake_of_which_half_is_lost_only_takes_longer(int seed)
    {
        // Each flight has a plan of its own: in what order the two sides send is up to the machine's clock.
        using var world = new SimulatedWorld(seed);
        var plans = Enum.GetValues<DtlsFlight>().Select(flight => new Random((seed * 8) + (int)flight)).ToArray();
        world.Tap = Watch(world, sent => sent == DtlsFlight.None || plans[(int)sent].Next(2) == 0);
        world.Start();

        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured, 20_000_000));
        Exchange(world);
    }

    [Fact]
    public void Datagrams_that_come_twice_and_in_any_order_make_one_session()
    {
        using var world = new SimulatedWorld(4) { Doubling = 1, Jitter = 20_000 };
        world.Start();

        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured, 10_000_000));
        Assert.Single(world.Alice.Events, happened => happened.Kind == PeerEventKind.Secured);
        Assert.Single(world.Bob.Events, happened => happened.Kind == PeerEventKind.Secured);
        Exchange(world);
    }

    [Fact]
    public void The_waits_grow_so_that_a_dead_way_is_not_flooded()
    {
        using var world = new SimulatedWorld(5);
        world.Tap = Watch(world, sent => sent == DtlsFlight.None);
        world.Start();
        Assert.True(world.RunUntil(() => TimesSent(DtlsFlight.ClientHello) == 1));
        world.Run(2_000_000);

        // After 0.1, 0.3, 0.7 and 1.5 s; without growth it would be after each 0.1 s.
        Assert.InRange(TimesSent(DtlsFlight.ClientHello), 3, 8);
        Assert.False(world.Alice.IsSecured);
    }

    /// <summary>How often a flight is sent until a handshake is done in which it is lost so many times.</summary>
    private int TimesNeeded(DtlsFlight flight, int lost)
    {
        _sent.Clear();
        using var world = new SimulatedWorld(1);
        world.Tap = Watch(world, sent => sent != flight || TimesSent(sent) > lost);
        world.Start();

        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured, 10_000_000));
        var needed = TimesSent(flight);
        Exchange(world);
        return needed;
    }

    private static void Exchange(SimulatedWorld world)
    {
        world.Tap = null;
        world.OpenChannel();
        world.Alice.Send(world.Alice.Channels[0], [1, 2, 3]);
        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == 1));
    }

    /// <summary>A network that notes each flight when it is first seen, and swallows what it shall.</summary>
    private Func<byte[], NetAddress, bool> Watch(SimulatedWorld world, Func<DtlsFlight, bool> passes) => (packet, from) =>
    {
        var flight = DtlsDatagram.Is(packet) ? DtlsDatagram.FlightOf(packet, from == world.Bob.Address) : DtlsFlight.None;
        if (flight != DtlsFlight.None && !_sent.Contains((flight, world.Now)))
        {
            _sent.Add((flight, world.Now));
        }

        return passes(flight);
    };

    private int TimesSent(DtlsFlight flight) => _sent.Count(sent => sent.Flight == flight);
}
