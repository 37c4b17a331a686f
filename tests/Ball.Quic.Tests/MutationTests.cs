using Ball.Quic.Connections;
using Ball.Quic.Crypto;
using Ball.Quic.Endpoint;
using Ball.Quic.Packets;
using Ball.Quic.Tests.Simulation;
using Ball.Quic.Tls;

namespace Ball.Quic.Tests;

/// <summary>
/// A million datagrams that nobody should have sent: nothing escapes, nothing grows, nobody is flooded. Alone, because the
/// memory of the whole process counts.
/// </summary>
[CollectionDefinition(nameof(MutationTests), DisableParallelization = true)]
[Collection(nameof(MutationTests))]
public sealed class MutationTests
{
    private const int MaxConnections = 64;

    [Fact]
    public void A_million_mutated_datagrams_do_no_harm()
    {
        const int rounds = 1_000_000;
        var random = new Random(99);
        var network = new SimulatedNetwork(1, endpoint: new EndpointOptions { MaxConnections = MaxConnections });
        var originals = new List<byte[]>();
        network.Tap = (_, datagram) => originals.Add([.. datagram]);
        Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
            && network.Client.State == ConnectionState.Established));
        Assert.True(network.Client.TryOpen(false, out var stream));
        network.Client.Write(stream!, new byte[5000]);
        network.Run(() => false, 100_000);

        var attacker = new PeerAddress(666, 1);
        var traffic = new Dictionary<Connection, (long Received, long Sent)>();
        var answer = new byte[ServerEndpoint.MaxAnswer];
        var buffer = new byte[Connection.MaxDatagram];
        long now = network.Now, memory = 0;
        for (int i = 0; i < rounds; i++)
        {
            now += 10;
            var datagram = Mutate(random, originals[random.Next(originals.Count)]);
            var from = random.Next(50) == 0 ? network.ClientAddress : attacker;
            if (random.Next(10) == 0)
                network.Client.Receive([.. datagram], from, now);
            var connection = network.Endpoint.Route(datagram, from, now, answer, out int answerLength);
            Assert.True(answerLength <= datagram.Length, "an answer larger than its question");
            if (connection is not null)
            {
                connection.Receive(datagram, from, now);
                traffic.TryGetValue(connection, out var counted);
                counted.Received += from == attacker ? datagram.Length : 0;
                while (connection.TrySend(buffer, now, out int length, out var to))
                    counted.Sent += to == attacker ? length : 0;
                while (connection.TryTakeEvent(out _))
                {
                }

                Assert.True(counted.Sent <= 3 * counted.Received, "amplification");
                traffic[connection] = counted;
            }

            if (i % 10_000 != 0)
                continue;
            now += 500_000;
            foreach (var known in traffic.Keys.ToList())
            {
                if (known.NextTimeout <= now)
                    known.OnTimeout(now);
                if (known.State != ConnectionState.Closed)
                    continue;
                network.Endpoint.Forget();
                traffic.Remove(known);
            }

            Assert.InRange(network.Endpoint.IdCount, 0, (MaxConnections + 1) * 6);
            if (i == 200_000)
                memory = GC.GetTotalMemory(true);
        }

        Assert.InRange(GC.GetTotalMemory(true) - memory, long.MinValue, 32 << 20);
    }

    [Fact]
    public void Frames_of_a_hostile_peer_end_the_connection_at_worst()
    {
        var random = new Random(7);
        var options = new ConnectionOptions
        {
            MaxBidiStreams = 50, MaxUniStreams = 50, StreamWindow = 16 << 10, ConnectionWindow = 32 << 10,
        };
        int closed = 0;
        for (int round = 0; round < 400; round++)
        {
            var network = new SimulatedNetwork(round, options);
            Assert.True(network.Run(() => network.Server?.State == ConnectionState.Established
                && network.Client.State == ConnectionState.Established));
            byte[]? id = null;
            network.Tap = (fromClient, datagram) => id ??= fromClient && (datagram[0] & 0x80) == 0 ? datagram[1..9] : null;
            network.Client.TrySendDatagram([1], []);
            network.Run(() => id is not null);
            network.Tap = null;

            using var sealer = new PacketSealer(
                CipherSuite.Aes128Gcm, FakeHandshake.Secret(EncryptionLevel.Application, ofServer: false));
            var server = network.Server!;
            var buffer = new byte[Connection.MaxDatagram];
            long now = network.Now;
            for (long number = 1000; number < 1300 && server.State == ConnectionState.Established; number++)
            {
                now += random.Next(20_000);
                server.Receive(Forge(random, sealer, id!, number), network.ClientAddress, now);
                if (server.NextTimeout <= now)
                    server.OnTimeout(now);
                for (int sent = 0; server.TrySend(buffer, now, out _, out _); sent++)
                    Assert.True(sent < 1000, "it does not stop to send");
                while (server.TryTakeEvent(out var next))
                {
                    if (next.Kind == ConnectionEventKind.StreamOpened && random.Next(2) == 0)
                        server.Read(next.Stream!, buffer, out _);
                }

                Assert.InRange(server.StreamCount, 0, 200);
            }

            closed += server.State == ConnectionState.Established ? 0 : 1;
        }

        // Most, but not all, of this breaks a rule.
        Assert.InRange(closed, 100, 400);
    }

    private static byte[] Mutate(Random random, byte[] original)
    {
        int length = random.Next(6) == 0 ? random.Next(original.Length + 1) : original.Length;
        var mutated = original[..length];
        int reach = random.Next(3) == 0 ? length : Math.Min(length, 40);
        for (int changes = random.Next(5); changes > 0 && reach > 0; changes--)
        {
            int at = random.Next(reach);
            mutated[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)(mutated[at] ^ (1 << random.Next(8)));
        }

        return mutated;
    }

    private static byte[] Forge(Random random, PacketSealer sealer, byte[] id, long number)
    {
        var packet = new byte[1200];
        packet[0] = (byte)(0x40 | (random.Next(200) == 0 ? 0x18 : 0) | 3);
        id.CopyTo(packet, 1);
        PacketNumber.Write(packet.AsSpan(9), number, 4);
        var writer = new WireWriter(packet.AsSpan(13, 1000));
        for (int frames = random.Next(1, 5); frames > 0; frames--)
            WriteFrame(ref writer, random);
        int length = Math.Max(4, writer.Length);
        return packet[..sealer.Seal(packet, 9, 4, length, number)];
    }

    private static void WriteFrame(ref WireWriter writer, Random random)
    {
        // Frames with the right number of fields, most of them plausible.
        int type = random.Next(100) == 0 ? random.Next(64) : random.Next(0x32);
        if (type is FrameType.CloseTransport or FrameType.CloseApplication or (> 0x1e and < 0x30) or FrameType.NewToken)
            type = FrameType.Stream + random.Next(8);
        writer.WriteVarInt(type);
        int fields = type switch
        {
            FrameType.Ack => 4,
            FrameType.ResetStream => 3,
            FrameType.StopSending or FrameType.MaxStreamData or FrameType.StreamDataBlocked => 2,
            >= FrameType.Stream and <= FrameType.StreamLast => 1 + (type >> 2 & 1),
            FrameType.Padding or FrameType.Ping or FrameType.HandshakeDone or FrameType.Datagram => 0,
            _ => 1
        };
        for (; fields > 0; fields--)
            writer.WriteVarInt(Field(random));
        if ((type & 0x3a) == 0x0a || type is FrameType.DatagramWithLength or FrameType.Crypto)
        {
            int length = random.Next(150);
            writer.WriteVarInt(random.Next(50) == 0 ? Field(random) : length);
            writer.Advance(length);
        }
        else if (type is FrameType.PathChallenge or FrameType.PathResponse)
        {
            writer.Advance(7);
        }
    }

    private static long Field(Random random) => random.Next(40) switch
    {
        0 => VarInt.Max,
        1 => random.NextInt64(VarInt.Max),
        < 6 => random.Next(100_000),
        < 12 => random.Next(1000),
        _ => random.Next(60)
    };
}
