using Ball.Quic.Connections;
using Ball.Quic.Endpoint;
using Ball.Quic.Packets;
using Ball.Quic.Tests.Simulation;

namespace Ball.Quic.Tests;

/// <summary>Two ends on networks of all kinds, in simulated time.</summary>
public sealed class NetworkTests
{
    [Fact]
    public void A_handshake_takes_one_round_trip_on_a_good_network()
    {
        var network = new SimulatedNetwork(1);
        long start = network.Now;
        Assert.True(network.Run(() => network.Client.State == ConnectionState.Established));
        Assert.InRange(network.Now - start, 20_000, 21_000);
        Assert.True(network.Run(() => network.Server!.State == ConnectionState.Established));
        Assert.InRange(network.Now - start, 30_000, 31_000);
    }

    [Fact]
    public void A_handshake_survives_a_bad_network()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            var patient = new ConnectionOptions { HandshakeTimeout = 60_000_000, IdleTimeout = 60_000_000 };
            var network = new SimulatedNetwork(seed, patient)
            {
                Loss = 0.3,
                Duplication = 0.2,
                Jitter = 30_000
            };
            bool done = network.Run(() => network.Server?.State == ConnectionState.Established
                && network.Client.State == ConnectionState.Established);
            Assert.True(done, $"seed {seed}: {network.Client.Error?.Message} {network.Server?.Error?.Message}");
        }
    }

    [Theory]
    [InlineData(0.0, 0.0, 0)]
    [InlineData(0.05, 0.0, 0)]
    [InlineData(0.0, 0.3, 0)]
    [InlineData(0.0, 0.0, 40_000)]
    [InlineData(0.2, 0.1, 20_000)]
    public void Both_directions_arrive_unchanged_whatever_the_network_does(double loss, double duplication, long jitter)
    {
        for (int seed = 0; seed < 4; seed++)
        {
            var network = Connected(seed);
            (network.Loss, network.Duplication, network.Jitter) = (loss, duplication, jitter);
            var (up, down) = Transfers(network, 600_000);
            Assert.True(network.Run(() => up.IsDone && down.IsDone, 600_000_000), $"seed {seed}: {up.Arrived} {down.Arrived}");
            Assert.True(up.IsRight && down.IsRight);
        }
    }

    [Fact]
    public void A_long_fat_network_is_filled()
    {
        var network = Connected(5);
        network.Delay = 25_000;
        var (up, down) = Transfers(network, 8 << 20);
        long start = network.Now;
        Assert.True(network.Run(() => up.IsRight && down.IsRight));

        // With a window of ten packets for ever this would take half a minute.
        Assert.InRange(network.Now - start, 100_000, 3_000_000);
    }

    [Fact]
    public void A_datagram_that_is_lost_stays_lost_and_others_arrive()
    {
        var network = Connected(3);
        network.Loss = 0.5;
        for (int i = 0; i < 100; i++)
        {
            Assert.True(network.Client.TrySendDatagram([(byte)i], []));
            network.Run(() => false, 5_000);
        }

        network.Run(() => false, 1_000_000);
        int arrived = 0, last = -1;
        while (network.Server!.TryTakeDatagram(out var bytes, out int length))
        {
            Assert.Equal(1, length);
            Assert.True(bytes[0] > last);
            last = bytes[0];
            arrived++;
        }

        Assert.InRange(arrived, 25, 75);
    }

    [Fact]
    public void A_client_that_moves_goes_on_from_its_new_address()
    {
        var network = Connected(4);
        var (up, down) = Transfers(network, 2_000_000);
        Assert.True(network.Run(() => up.Arrived > 300_000));
        network.ClientAddress = new PeerAddress(77, 6000);
        Assert.True(network.Run(() => up.IsRight && down.IsRight));
        Assert.Equal(network.ClientAddress, network.Server!.Remote);
    }

    [Fact]
    public void An_address_that_does_not_answer_gets_little_and_the_old_one_is_used_again()
    {
        var network = Connected(6);
        var home = network.ClientAddress;
        byte[]? captured = null;
        network.Tap = (fromClient, datagram) => captured = fromClient ? datagram : captured;
        var (up, down) = Transfers(network, 1_000_000);

        // Somebody sends one of the client's packets first, from an address that he does not own.
        var victim = new PeerAddress(666, 666);
        network.Run(() => captured is not null);
        network.BlackHole = victim;
        long before = 0;
        var server = network.Server!;
        network.Tap = null;
        server.Receive(captured!, victim, network.Now);
        Assert.Equal(victim, server.Remote);
        var buffer = new byte[2048];
        while (server.TrySend(buffer, network.Now, out int length, out var to))
            before += to == victim ? length : 0;
        Assert.InRange(before, 1, 3 * captured!.Length);

        Assert.True(network.Run(() => up.IsRight && down.IsRight));
        Assert.Equal(home, server.Remote);
    }

    [Fact]
    public void A_server_sends_at_most_three_times_what_it_got_before_the_address_is_proven()
    {
        var network = new SimulatedNetwork(8, new ConnectionOptions { HandshakeTimeout = 100_000_000, IdleTimeout = 0 });
        byte[]? first = null;
        network.Tap = (fromClient, datagram) => first ??= fromClient ? datagram : null;
        network.Settle();
        network.Tap = null;

        var victim = new PeerAddress(666, 666);
        network.BlackHole = network.ClientAddress;
        var answer = new byte[256];
        var server = network.Endpoint.Route(first!, victim, network.Now, answer, out _)!;
        server.Receive([.. first!], victim, network.Now);
        long sent = 0;
        var buffer = new byte[2048];
        for (long now = network.Now; server.State == ConnectionState.Handshaking; now = Math.Max(now + 1000, server.NextTimeout))
        {
            server.OnTimeout(now);
            while (server.TrySend(buffer, now, out int length, out _))
                sent += length;
        }

        Assert.InRange(sent, 1200, 3 * first!.Length);
        Assert.Equal(0, network.Endpoint.IdCount);
    }

    [Fact]
    public void A_silent_peer_is_given_up()
    {
        var network = Connected(9, new ConnectionOptions { IdleTimeout = 5_000_000 });
        network.Loss = 1;
        Assert.True(network.Run(() => network.Server!.State == ConnectionState.Closed, 10_000_000));
        Assert.Contains("idle", network.Server!.Error!.Message);
        Assert.Equal(0, network.Endpoint.IdCount);
    }

    [Fact]
    public void A_sign_of_life_keeps_an_idle_connection()
    {
        var network = Connected(10, new ConnectionOptions { IdleTimeout = 5_000_000, KeepAlive = 1_000_000 });
        Assert.False(network.Run(() => network.Server!.State != ConnectionState.Established, 1_800_000_000));
    }

    [Fact]
    public void Without_it_an_idle_connection_ends_on_both_sides()
    {
        var network = Connected(10, new ConnectionOptions { IdleTimeout = 5_000_000 });
        Assert.True(network.Run(
            () => network.Server!.State == ConnectionState.Closed && network.Client.State == ConnectionState.Closed, 10_000_000));
    }

    [Fact]
    public void Keys_are_renewed_in_the_middle_of_a_transfer()
    {
        var network = Connected(11, new ConnectionOptions { PacketsPerKey = 50 });
        (network.Loss, network.Jitter) = (0.02, 15_000);
        var (up, down) = Transfers(network, 1_000_000);
        Assert.True(network.Run(() => up.IsDone && down.IsDone, 300_000_000),
            network.Client.Error?.Message ?? network.Server?.Error?.Message);
        Assert.True(up.IsRight && down.IsRight);
    }

    [Fact]
    public void A_key_update_is_followed_by_the_peer()
    {
        var network = Connected(12);
        network.Client.TrySendDatagram([1], []);
        network.Run(() => false, 200_000);
        Assert.True(network.Client.TryUpdateKey());
        Assert.False(network.Client.TryUpdateKey());
        var (up, down) = Transfers(network, 50_000);
        Assert.True(network.Run(() => up.IsRight && down.IsRight));
        Assert.True(network.Client.TryUpdateKey());
    }

    [Fact]
    public void A_retry_makes_the_client_prove_its_address()
    {
        var network = new SimulatedNetwork(13, endpoint: new EndpointOptions { RetryFrom = 0 });
        bool retried = false;
        network.Tap = (fromClient, datagram) => retried |= fromClient && PacketHeader.TryRead(datagram, out var header)
            && header.Type == PacketType.Initial && header.Token.Length > 0;
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        Assert.True(retried);
    }

    [Fact]
    public void A_token_of_another_address_is_worth_nothing()
    {
        using var tokens = new RetryTokens();
        var original = ConnectionId.Random(8);
        var address = new PeerAddress(1, 2);
        byte[] token = tokens.Make(address, original, 5_000_000);
        Assert.True(tokens.TryRead(token, address, 6_000_000, out var back));
        Assert.Equal(original, back);
        Assert.False(tokens.TryRead(token, new PeerAddress(1, 3), 6_000_000, out _));
        Assert.False(tokens.TryRead(token, address, 60_000_000, out _));
        token[^1] ^= 1;
        Assert.False(tokens.TryRead(token, address, 6_000_000, out _));
    }

    [Fact]
    public void An_unknown_version_is_answered_with_the_known_one()
    {
        var network = new SimulatedNetwork(14);
        var datagram = new byte[1200];
        Convert.FromHexString("c0aabbccdd08010203040506070804aaaaaaaa").CopyTo(datagram, 0);
        var answer = new byte[256];
        Assert.Null(network.Endpoint.Route(datagram, network.ClientAddress, network.Now, answer, out int length));
        Assert.Equal(Convert.FromHexString("0000000004aaaaaaaa08010203040506070800000001"), answer[1..23]);
        Assert.Equal(27, length);

        network.Endpoint.Route(datagram.AsSpan(0, 1199), network.ClientAddress, network.Now, answer, out length);
        Assert.Equal(0, length);
    }

    [Fact]
    public void A_server_that_forgot_the_connection_resets_it()
    {
        var network = Connected(15);
        network.Server!.Dispose();
        network.Client.TrySendDatagram(new byte[100], []);
        Assert.True(network.Run(() => network.Client.State == ConnectionState.Draining));
        Assert.Contains("lost the connection's state", network.Client.Error!.Message);
    }

    [Fact]
    public void Stateless_resets_are_smaller_than_what_they_answer_and_rare()
    {
        var network = new SimulatedNetwork(16);
        var random = new Random(16);
        var answer = new byte[256];
        int answers = 0;
        for (int i = 0; i < 1000; i++)
        {
            var datagram = new byte[30];
            random.NextBytes(datagram);
            datagram[0] = 0x41;
            network.Endpoint.Route(datagram, network.ClientAddress, network.Now, answer, out int length);
            Assert.InRange(length, 0, 29);
            answers += length > 0 ? 1 : 0;
        }

        Assert.InRange(answers, 1, 100);
    }

    [Fact]
    public void Opening_more_streams_than_allowed_waits_until_some_are_done()
    {
        var network = Connected(17, new ConnectionOptions { MaxUniStreams = 4 });
        for (int i = 0; i < 4; i++)
        {
            Assert.True(network.Client.TryOpen(true, out var stream));
            network.Client.Write(stream!, [1]);
            network.Client.Finish(stream!);
            network.Client.Release(stream!);
        }

        Assert.False(network.Client.TryOpen(true, out _));
        network.Work = () =>
        {
            foreach (var opened in network.ServerEvents.Where(e => e.Kind == ConnectionEventKind.StreamOpened))
            {
                network.Server!.Read(opened.Stream!, new byte[10], out bool end);
                if (end)
                    network.Server.Release(opened.Stream!);
            }
        };
        Assert.True(network.Run(() => network.ClientEvents.Any(e => e.Kind == ConnectionEventKind.StreamsAllowed)));
        Assert.True(network.Client.TryOpen(true, out _));
        network.Run(() => false, 1_000_000);
        Assert.Equal(0, network.Server!.StreamCount);
    }

    [Fact]
    public void Reset_and_stop_bring_their_codes()
    {
        var network = Connected(18);
        Assert.True(network.Client.TryOpen(false, out var stream));
        network.Client.Write(stream!, new byte[10]);
        Assert.True(network.Run(() => network.ServerEvents.Any(e => e.Kind == ConnectionEventKind.StreamOpened)));
        var served = network.ServerEvents.First(e => e.Kind == ConnectionEventKind.StreamOpened).Stream!;
        network.Client.Reset(stream!, 11);
        network.Client.StopReading(stream!, 22);
        Assert.True(network.Run(() => served is { PeerResetCode: 11, StoppedCode: 22 }));
        network.Client.Release(stream!);
        network.Server!.Release(served);
        network.Run(() => false, 1_000_000);
        Assert.Equal((0, 0), (network.Client.StreamCount, network.Server.StreamCount));
    }

    [Fact]
    public void A_reader_that_does_not_read_stops_the_writer()
    {
        var options = new ConnectionOptions { StreamWindow = 100_000, ConnectionWindow = 150_000, SendBuffer = 1 << 20 };
        var network = Connected(19, options);
        Assert.True(network.Client.TryOpen(true, out var one));
        Assert.True(network.Client.TryOpen(true, out var two));
        network.Client.Write(one!, new byte[500_000]);
        network.Client.Write(two!, new byte[500_000]);
        network.Run(() => false, 5_000_000);
        Assert.Equal(ConnectionState.Established, network.Server!.State);
        var opened = network.ServerEvents.Where(e => e.Kind == ConnectionEventKind.StreamOpened).Select(e => e.Stream!).ToList();
        Assert.Equal(150_000, opened.Sum(stream => stream.HighestReceived));

        // Reading one makes room for both.
        long read = 0;
        var chunk = new byte[200_000];
        network.Work = () => read += opened.Sum(stream => network.Server!.Read(stream, chunk, out _));
        Assert.True(network.Run(() => read == 1_000_000), $"{read}");
    }

    [Fact]
    public void No_more_than_the_window_flies_without_an_answer()
    {
        var network = Connected(19);
        network.Run(() => false, 1_000_000);
        network.Loss = 1;
        Assert.True(network.Client.TryOpen(true, out var stream));
        network.Client.Write(stream!, new byte[400_000]);
        long before = network.ToServer;
        network.Run(() => false, 60_000);
        Assert.InRange(network.ToServer - before, 5_000, 20_000);
    }

    [Fact]
    public void A_stream_stops_at_its_own_limit()
    {
        var network = Connected(19, new ConnectionOptions { StreamWindow = 10_000 });
        Assert.True(network.Client.TryOpen(true, out var stream));
        network.Client.Write(stream!, new byte[50_000]);
        network.Run(() => false, 5_000_000);
        Assert.Equal(ConnectionState.Established, network.Server!.State);
        var opened = Assert.Single(network.ServerEvents, e => e.Kind == ConnectionEventKind.StreamOpened);
        Assert.Equal(10_000, opened.Stream!.HighestReceived);
    }

    [Fact]
    public void The_close_code_arrives_and_nothing_is_left()
    {
        var network = Connected(20);
        network.Client.Close(5, "done", network.Now);
        Assert.True(network.Run(() => network.Server!.State == ConnectionState.Closed
            && network.Client.State == ConnectionState.Closed));
        var error = network.Server!.Error!;
        Assert.Equal((5, true, true), (error.Code, error.ByPeer, error.ByApplication));
        Assert.Equal(0, network.Endpoint.IdCount);
    }

    [Fact]
    public void Connections_leave_nothing_behind()
    {
        for (int i = 0; i < 50; i++)
        {
            var network = Connected(i);
            network.Server!.Close(0, "", network.Now);
            Assert.True(network.Run(() => network.Server.State == ConnectionState.Closed));
            Assert.Equal(0, network.Endpoint.IdCount);
        }
    }

    private static SimulatedNetwork Connected(int seed, ConnectionOptions? options = null)
    {
        var network = new SimulatedNetwork(seed, options);
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        return network;
    }

    private static (Transfer Up, Transfer Down) Transfers(SimulatedNetwork network, int size)
    {
        byte[] there = new byte[size], back = new byte[size];
        new Random(1).NextBytes(there);
        new Random(2).NextBytes(back);
        var up = new Transfer(network.Client, () => network.Server, there);
        var down = new Transfer(network.Server!, () => network.Client, back);
        network.Work = () =>
        {
            Hand(network.ServerEvents, up);
            Hand(network.ClientEvents, down);
            up.Step();
            down.Step();
        };
        return (up, down);
    }

    private static void Hand(List<ConnectionEvent> events, Transfer to)
    {
        foreach (var opened in events.Where(e => e.Kind == ConnectionEventKind.StreamOpened))
            to.Take(opened.Stream!);
        events.RemoveAll(e => e.Kind == ConnectionEventKind.StreamOpened);
    }
}
