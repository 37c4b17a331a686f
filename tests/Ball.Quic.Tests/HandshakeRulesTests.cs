using Ball.Quic.Connections;
using Ball.Quic.Crypto;
using Ball.Quic.Endpoint;
using Ball.Quic.Packets;
using Ball.Quic.Tests.Simulation;
using Ball.Quic.Tls;

namespace Ball.Quic.Tests;

/// <summary>What counts before a connection is one: first packets, Retry, and parameters that name the connection.</summary>
public sealed class HandshakeRulesTests
{
    private static readonly PeerAddress s_address = new(2, 5000);

    [Theory]
    [InlineData(1200, 8, true)]
    [InlineData(1199, 8, false)]
    [InlineData(1200, 7, false)]
    public void Only_a_full_datagram_with_a_long_enough_id_begins_a_connection(int size, int idLength, bool begins)
    {
        using var endpoint = NewEndpoint(new EndpointOptions());
        var core = endpoint.Route(Initial("01", size, idLength), s_address, 1_000_000, new byte[256], out int answer);
        Assert.Equal((begins, 0), (core is not null, answer));
    }

    [Fact]
    public void More_connections_than_allowed_are_not_answered()
    {
        using var endpoint = NewEndpoint(new EndpointOptions { MaxConnections = 2 });
        var answer = new byte[256];
        Assert.NotNull(endpoint.Route(Initial("01"), s_address, 1_000_000, answer, out _));
        Assert.NotNull(endpoint.Route(Initial("01"), s_address, 1_000_000, answer, out _));
        Assert.Null(endpoint.Route(Initial("01"), s_address, 1_000_000, answer, out int length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void A_version_negotiation_is_not_answered_by_another()
    {
        using var endpoint = NewEndpoint(new EndpointOptions());
        byte[] datagram = Initial("01");
        datagram.AsSpan(1, 4).Clear();
        Assert.Null(endpoint.Route(datagram, s_address, 1_000_000, new byte[256], out int length));
        Assert.Equal(0, length);
    }

    [Theory]
    [InlineData("0a 00 01 aa")] // A stream.
    [InlineData("10 01")] // A limit.
    [InlineData("1e")] // The handshake's confirmation.
    public void Frames_that_are_not_for_the_handshake_end_it(string frames)
    {
        using var endpoint = NewEndpoint(new EndpointOptions());
        byte[] datagram = Initial(frames);
        var server = endpoint.Route(datagram, s_address, 1_000_000, new byte[256], out _)!;
        server.Receive(datagram, s_address, 1_000_000);
        Assert.Equal(TransportError.ProtocolViolation, server.Error!.Code);
    }

    [Fact]
    public void A_retry_that_was_touched_on_its_way_is_ignored()
    {
        var network = new SimulatedNetwork(13, endpoint: new EndpointOptions { RetryFrom = 0 });
        int retries = 0;
        network.TapAnswers = datagram => datagram[20] ^= (byte)(retries++ == 0 ? 1 : 0);
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        Assert.InRange(retries, 2, 4);
    }

    [Fact]
    public void Only_the_first_retry_counts()
    {
        var network = new SimulatedNetwork(13, endpoint: new EndpointOptions { RetryFrom = 0 });
        byte[]? first = null;
        network.Tap = (_, datagram) => first ??= datagram;
        network.Settle();
        var other = new byte[ServerEndpoint.MaxAnswer];
        Assert.Null(network.Endpoint.Route(first!, network.ClientAddress, network.Now, other, out int length));

        // The true one has come, and the client's answer to it is on its way.
        network.Run(() => false, 22_000);
        network.Client.Receive(other.AsSpan(0, length), new PeerAddress(1, 443), network.Now);
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        Assert.Equal(1, network.Endpoint.ConnectionCount);
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("the id that the client first sent to", false)]
    [InlineData("the server's own id", false)]
    [InlineData("a retry that there was not", false)]
    public void A_server_has_to_name_the_connection_in_its_parameters(string wrong, bool taken)
    {
        var client = Connection.Connect(
            new ConnectionOptions(), new FakeHandshake(isServer: false), new ClientEndpoint(), s_address, 1_000_000);
        var buffer = new byte[Connection.MaxDatagram];
        Assert.True(client.TrySend(buffer, 1_000_000, out int length, out _));
        Assert.True(PacketHeader.TryRead(buffer.AsSpan(0, length), out var header));
        var other = ConnectionId.Random(8);
        var parameters = new TransportParameters
        {
            OriginalDestination = wrong.StartsWith("the id", StringComparison.Ordinal) ? other : header.Destination,
            InitialSource = wrong.StartsWith("the server", StringComparison.Ordinal) ? other : header.Destination,
            RetrySource = wrong.StartsWith("a retry", StringComparison.Ordinal) ? other : null
        };
        var error = Record.Exception(() => ((ITlsEvents)client).PeerParameters(parameters.Encode()));
        Assert.Equal(taken ? null : TransportError.TransportParameter, (error as ProtocolException)?.Code);
        client.Dispose();
    }

    [Fact]
    public void The_token_of_every_id_in_use_ends_the_connection_and_no_other()
    {
        var ids = new PeerIds(ConnectionId.Random(8));
        byte[][] tokens = [new byte[16], new byte[16]];
        (tokens[0][0], tokens[1][0]) = (1, 2);
        ids.SetFirstToken(tokens[0]);
        Assert.True(ids.IsResetToken(tokens[0]));
        Assert.False(ids.IsResetToken(tokens[1]));
        ids.Add(1, 0, ConnectionId.Random(8), tokens[1]);
        Assert.True(ids.IsResetToken(tokens[1]));
        ids.Add(2, 2, ConnectionId.Random(8), new byte[16]);
        Assert.False(ids.IsResetToken(tokens[1]));
    }

    [Fact]
    public void A_datagram_that_the_peer_does_not_take_is_not_sent()
    {
        var network = new SimulatedNetwork(1, new ConnectionOptions { MaxDatagramFrame = 100 });
        Assert.True(network.Run(() => network.Client.State == ConnectionState.Established));
        Assert.Equal(97, network.Client.MaxDatagramPayload);
        Assert.True(network.Client.TrySendDatagram(new byte[97], []));
        Assert.False(network.Client.TrySendDatagram(new byte[97], [1]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Streams_that_are_given_up_give_their_window_back(bool byWriter)
    {
        var network = new SimulatedNetwork(1, new ConnectionOptions { StreamWindow = 5000, ConnectionWindow = 10_000 });
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        for (int i = 0; i < 20; i++)
        {
            Assert.True(network.Client.TryOpen(uni: true, out var stream));
            network.Client.Write(stream!, new byte[5000]);
            Assert.True(
                network.Run(() => Opened(network, stream!.Id) is { HighestReceived: 5000 }, 5_000_000), $"stream {i} is stuck");
            var opened = Opened(network, stream!.Id)!;
            if (byWriter)
                network.Client.Reset(stream, 1);
            else
                network.Server!.StopReading(opened, 1);
            Assert.True(network.Run(() => opened.PeerResetCode is not null, 5_000_000));
            network.Server!.Release(opened);
            network.Client.Release(stream);
        }
    }

    private static Streams.StreamState? Opened(SimulatedNetwork network, long id) =>
        network.ServerEvents.Find(e => e.Kind == ConnectionEventKind.StreamOpened && e.Stream!.Id == id).Stream;

    private static ServerEndpoint NewEndpoint(EndpointOptions options) => new(options, () => new FakeHandshake(isServer: true));

    // A client's first datagram, with frames of our choosing.
    private static byte[] Initial(string frames, int size = 1200, int idLength = 8)
    {
        var destination = ConnectionId.Random(idLength);
        var datagram = new byte[size];
        var writer = new WireWriter(datagram);
        writer.WriteByte(0xc3);
        writer.WriteUInt32(QuicVersion.One);
        writer.WriteId(destination);
        writer.WriteId(ConnectionId.Random(8));
        writer.WriteVarInt(0);
        int rest = size - writer.Length - 2;
        datagram[writer.Length] = (byte)(0x40 | (rest >> 8));
        datagram[writer.Length + 1] = (byte)rest;
        int number = writer.Length + 2;
        Convert.FromHexString(frames.Replace(" ", "")).CopyTo(datagram, number + 4);
        using var sealer = new PacketSealer(CipherSuite.Aes128Gcm, KeySchedule.InitialSecret(destination, ofServer: false));
        sealer.Seal(datagram, number, 4, rest - 4 - AeadKey.TagLength, 0);
        return datagram;
    }
}
