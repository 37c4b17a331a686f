using SIPSorcery.Net;
using SIPSorcery.Net.Sctp;
using SIPSorcery.Tests.Peer;

namespace SIPSorcery.Tests.Dtls;

/// <summary>
/// Who is let in, and what a session does with what is not from its peer. Alice is the server and Bob the client.
/// </summary>
[Collection(nameof(Alone))]
public sealed class TrustTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_peer_with_another_certificate_gets_neither_data_nor_media(bool serverIsDeceived)
    {
        var other = DtlsCertificate.Create(DateTimeOffset.UtcNow).Fingerprint;
        using var world = new SimulatedWorld(1)
        {
            AliceExpects = serverIsDeceived ? other : null,
            BobExpects = serverIsDeceived ? null : other,
        };
        var (deceived, stranger) = serverIsDeceived ? (world.Alice, world.Bob) : (world.Bob, world.Alice);
        world.Start();
        Assert.True(world.RunUntil(() => deceived.Events.Exists(happened => happened.Kind == PeerEventKind.SecurityFailed)));
        world.Run(2_000_000);

        Assert.False(deceived.IsSecured);
        Assert.Equal(DtlsState.Failed, deceived.Core.Dtls!.State);
        Assert.Contains("fingerprint", deceived.Core.Dtls.Failure);
        Assert.False(deceived.Core.Media!.IsSecure);
        Assert.False(deceived.Core.Dtls.Write([1]));
        Assert.NotEqual(SctpState.Established, deceived.Core.Sctp!.State);
        Assert.NotEqual(SctpState.Established, stranger.Core.Sctp!.State);
        Assert.Empty(stranger.Channels);
    }

    [Fact]
    public void A_fingerprint_that_is_right_in_all_but_one_digit_is_wrong()
    {
        var certificate = DtlsCertificate.Create(DateTimeOffset.UtcNow);
        var right = certificate.Fingerprint;
        Assert.True(DtlsFingerprint.Matches(right, certificate.Certificate));

        var last = right.value[^1] == '0' ? '1' : '0';
        var wrong = new RTCDtlsFingerprint { algorithm = right.algorithm, value = right.value[..^1] + last };
        Assert.False(DtlsFingerprint.Matches(wrong, certificate.Certificate));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_end_is_told_and_answered(bool serverCloses)
    {
        using var world = Connected(2);
        var (closing, other) = serverCloses ? (world.Alice, world.Bob) : (world.Bob, world.Alice);
        var alerts = new List<NetAddress>();
        world.Tap = (packet, from) =>
        {
            if (packet[0] == DtlsDatagram.Alert)
            {
                alerts.Add(from);
            }

            return packet[0] is DtlsDatagram.Alert or < 20;
        };

        // Only the alert passes, so nothing else can have told.
        closing.Core.Close(world.Now);
        Assert.True(world.RunUntil(
            () => other.Events.Exists(happened => happened.Kind == PeerEventKind.PeerClosed), 1_000_000));
        Assert.Equal(DtlsState.Closed, other.Core.Dtls!.State);
        Assert.Equal([closing.Address, other.Address], alerts);
        Assert.False(other.Core.Dtls.Write([1]));
    }

    [Fact]
    public void Garbage_is_refused_and_counted_at_any_time()
    {
        using var world = Handshaking(3, out var random);
        Flood(world, 2_000, () => Garbage(random));
        Assert.InRange(world.Bob.Core.Refused, 2_000, 2_000);
        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured));

        Flood(world, 2_000, () => Garbage(random));
        Assert.InRange(world.Bob.Core.Refused, 4_000, 4_000);
        Exchange(world);
    }

    [Fact]
    public void Forged_and_repeated_records_are_refused_and_counted()
    {
        byte[]? genuine = null;
        using var world = Connected(4);
        world.Tap = (packet, from) =>
        {
            genuine ??= packet[0] == DtlsDatagram.Data && from == world.Alice.Address ? packet : null;
            return true;
        };
        Exchange(world);
        Assert.NotNull(genuine);

        var number = 1_000UL;
        var random = new Random(4);
        var before = world.Bob.Core.Refused;
        Flood(world, 1_000, () => DtlsDatagram.Record(DtlsDatagram.Data, 1, ++number, Noise(random, 60)));
        Assert.Equal(before + 1_000, world.Bob.Core.Refused);
        Flood(world, 1_000, () => [.. genuine]);
        Assert.Equal(before + 2_000, world.Bob.Core.Refused);
        Assert.Equal(DtlsState.Connected, world.Bob.Core.Dtls!.State);
        Exchange(world);
    }

    [Fact]
    public void Pieces_that_are_no_part_of_this_handshake_do_not_disturb_it()
    {
        using var world = Handshaking(5, out var random);
        for (ulong number = 20; number < 60; number++)
        {
            var message = (ushort)random.Next(100, 65_000);
            var piece = DtlsDatagram.Fragment(11, 0xFFFFFF, message, random.Next(0xFFFF00), Noise(random, 100), number);
            world.Bob.Receive(piece, world.Alice.Address);
        }

        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured));
        Exchange(world);
    }

    [Fact]
    public void Pieces_that_never_become_a_message_fill_no_memory()
    {
        using var world = Handshaking(6, out var random);
        var before = Environment.WorkingSet;
        var number = 1_000UL;
        Flood(world, 20_000, () => DtlsDatagram.Fragment(
            11, 16_000, (ushort)random.Next(1, 100), random.Next(15_000), Noise(random, 100), ++number));

        // Room for each would be 320 MB.
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, 200_000_000);
        Assert.False(world.Bob.IsSecured);
    }

    private static SimulatedWorld Handshaking(int seed, out Random random)
    {
        random = new Random(seed);
        var world = new SimulatedWorld(seed);
        world.Start();
        Assert.True(world.RunUntil(() => world.Bob.Core.Dtls?.State == DtlsState.Handshaking));
        return world;
    }

    private static SimulatedWorld Connected(int seed)
    {
        var world = new SimulatedWorld(seed);
        world.Start();
        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured));
        return world;
    }

    private static void Exchange(SimulatedWorld world)
    {
        if (world.Alice.Channels.Count == 0)
        {
            world.OpenChannel();
        }

        var messages = world.Bob.Messages.Count;
        world.Alice.Send(world.Alice.Channels[0], [1, 2, 3]);
        Assert.True(world.RunUntil(() => world.Bob.Messages.Count == messages + 1));
    }

    private static void Flood(SimulatedWorld world, int count, Func<byte[]> make)
    {
        for (var number = 0; number < count; number++)
        {
            world.Bob.Receive(make(), world.Alice.Address);
        }
    }

    /// <summary>Something of the range of DTLS that is none: the length, the version or the type is wrong.</summary>
    private static byte[] Garbage(Random random)
    {
        var packet = DtlsDatagram.Record(DtlsDatagram.Handshake, 0, (ulong)random.Next(), Noise(random, random.Next(1, 200)));
        switch (random.Next(4))
        {
            case 0:
                packet[0] = (byte)random.Next(24, 64);
                break;
            case 1:
                packet[1] = (byte)random.Next(0xFE);
                break;
            case 2:
                packet[11] = 0xFF;
                break;
            default:
                return packet[..random.Next(1, packet.Length)];
        }

        return packet;
    }

    private static byte[] Noise(Random random, int length)
    {
        var noise = new byte[length];
        random.NextBytes(noise);
        return noise;
    }
}
