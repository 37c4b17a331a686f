using System.Buffers.Binary;
using System.Diagnostics;
using SIPSorcery.Net.Sctp;
using Xunit.Abstractions;

namespace SIPSorcery.Tests.Sctp;

/// <summary>
/// Real packets of real sessions, damaged with the checksum put right again, thrown at associations in every state: no
/// exception escapes, memory stays bounded, what is sent is well formed, and a peer association next door still works.
/// </summary>
public class MutatedPacketTests(ITestOutputHelper output)
{
    private const int Packets = 1_000_000;
    private readonly byte[] _buffer = new byte[4096];
    private readonly byte[] _scratch = new byte[8192];

    [Fact]
    public void A_million_mutated_packets_do_no_harm()
    {
        var random = new Random(2024);
        var corpus = Corpus();
        var watch = Stopwatch.StartNew();
        var seen = new int[Enum.GetValues<SctpState>().Length];
        var events = new int[Enum.GetValues<SctpEventKind>().Length];
        var thrown = 0;
        for (var session = 0; thrown < Packets; session++)
        {
            var (target, now) = TargetInSomeState(session);
            var before = target.State;
            for (var i = 0; i < 60 && thrown < Packets; i++, thrown++)
            {
                seen[(int)target.State]++;
                var packet = Mutate(random, corpus[random.Next(corpus.Length)], target);
                target.HandlePacket(packet, now);
                now += random.Next(8) == 0 ? random.Next(2_000_000) : random.Next(2000);
                if (target.NextTimeout <= now)
                    target.HandleTimeout(now);
                if (random.Next(16) != 0)
                    Drain(target, now, events);
                AssertSane(before, target);
                before = target.State;
            }
        }

        output.WriteLine($"{thrown / watch.Elapsed.TotalSeconds:F0} packets/s; "
            + $"states {string.Join(' ', seen)}; events {string.Join(' ', events)}");
        Assert.All(seen[..^1], count => Assert.True(count > 1000, "a state was hardly visited"));
        Assert.True(events[(int)SctpEventKind.Message] > 1000, "hardly anything got through to the core");
    }

    private static void AssertSane(SctpState before, SctpAssociation target)
    {
        Assert.True(target.ReceiveHeld <= 2 * 1024 * 1024 + 700 * 1024, "more memory held than the window allows");
        Assert.True(target.TotalBufferedAmount >= 0);
        if (before == SctpState.Closed)
            Assert.Equal(SctpState.Closed, target.State);
        if (before >= SctpState.Established && before != SctpState.Closed)
            Assert.True(target.State >= before, $"went back from {before} to {target.State}");
        if (target.State == SctpState.Closed)
            Assert.NotEqual(SctpCloseReason.None, target.CloseReason);
    }

    private void Drain(SctpAssociation target, long now, int[] events)
    {
        while (target.TryPollEvent(out var e))
            events[(int)e.Kind]++;
        var polled = 0;
        for (int length; (length = target.PollPacket(_buffer, now)) > 0; polled++)
        {
            Assert.Equal(0, length % 4);
            Assert.Equal(Crc32c.ComputePacket(_buffer.AsSpan(0, length)),
                BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(8)));
            Assert.True(polled < 20_000, "it never stops sending");
        }
    }

    private byte[] Mutate(Random random, byte[] original, SctpAssociation target)
    {
        var length = original.Length;
        original.CopyTo(_scratch, 0);
        var packet = _scratch.AsSpan();
        if (original.Length >= 16 && original[12] != ChunkType.Init)
            BinaryPrimitives.WriteUInt32BigEndian(packet[4..], random.Next(30) == 0 ? (uint)random.Next() : _tags[target]);

        // Most numbers in the corpus belong to other sessions of the same seed, hence are near the mark; damage on top of that.
        for (var hits = random.Next(4); hits > 0 && length > 16; hits--)
        {
            var at = random.Next(12, length);
            switch (random.Next(9))
            {
                case 0:
                    packet[at] = (byte)random.Next(256);
                    break;
                case 1:
                    packet[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    length = random.Next(12, length + 1);
                    break;
                case 3:
                    packet[12] = (byte)(random.Next(3) switch { 0 => random.Next(16), 1 => 192, _ => 130 });
                    break;
                case 4:
                    BinaryPrimitives.WriteUInt16BigEndian(packet[14..], (ushort)random.Next(0, length + 8));
                    break;
                case 5:
                    var value = random.Next(4) switch { 0 => 0u, 1 => uint.MaxValue, 2 => 0x80000000, _ => (uint)random.Next() };
                    BinaryPrimitives.WriteUInt32BigEndian(packet[Math.Min(at, length - 4)..], value);
                    break;
                case 6:
                    // A small step keeps TSNs and counts plausible.
                    var field = packet[Math.Min(at & ~3, length - 4)..];
                    BinaryPrimitives.WriteUInt32BigEndian(field,
                        BinaryPrimitives.ReadUInt32BigEndian(field) + (uint)random.Next(-3, 40));
                    break;
                case 7:
                    var extra = Math.Min(random.Next(1, 200), _scratch.Length - length);
                    random.NextBytes(packet.Slice(length, extra));
                    length += extra;
                    break;
                default:
                    packet[13] = (byte)random.Next(16);
                    break;
            }
        }

        var result = packet[..length];
        if (length >= 12 && random.Next(200) != 0)
            BinaryPrimitives.WriteUInt32LittleEndian(result[8..], Crc32c.ComputePacket(result));
        return result.ToArray();
    }

    private readonly Dictionary<SctpAssociation, uint> _tags = [];

    /// <summary>All the packets that two sides exchange in a life with everything in it.</summary>
    private static byte[][] Corpus()
    {
        var packets = new List<byte[]>();
        foreach (var loss in new[] { 0, 0.15 })
        {
            var pair = new SimulatedPair(7, new Wire(Loss: loss, Duplication: loss));
            pair.Filter = (fromA, packet) =>
            {
                if (fromA)
                    packets.Add(packet);
                return true;
            };
            pair.A.Connect(pair.Now);
            pair.RunUntil(() => pair.A.State == SctpState.Established && pair.B.State == SctpState.Established);
            for (ushort stream = 0; stream < 6; stream++)
            {
                var options = new SctpSendOptions(stream % 2 == 1, stream == 2 ? 0 : null, stream == 3 ? 1000 : null);
                foreach (var size in new[] { 5, 900, 7000 })
                {
                    pair.A.Send(stream, 53, new byte[size], options, pair.Now);
                    pair.B.Send(stream, 51, new byte[size], options, pair.Now);
                }
            }

            pair.Run(5);
            pair.A.ResetStream(1);
            pair.B.ResetStream(2);
            pair.Run(60);
            pair.A.Shutdown();
            pair.Run(5);
        }

        // Keep the share of long DATA packets in bounds.
        return [.. packets.Where((p, i) => p.Length < 400 || i % 4 == 0)];
    }

    /// <summary>B's side of the corpus sessions, brought into a state by turns.</summary>
    private (SctpAssociation Target, long Now) TargetInSomeState(int session)
    {
        var pair = new SimulatedPair(7);
        var target = pair.B;
        var state = (SctpState)(session % 8);
        switch (state)
        {
            case SctpState.New:
                break;
            case SctpState.CookieWait:
                target.Connect(pair.Now);
                break;
            case SctpState.CookieEchoed:
                pair.B.Connect(pair.Now);
                pair.Filter = (_, packet) => !PacketBuilder.Has(packet, ChunkType.CookieAck)
                    && !PacketBuilder.Has(packet, ChunkType.CookieEcho);
                pair.RunUntil(() => target.State == SctpState.CookieEchoed);
                break;
            default:
                pair.A.Connect(pair.Now);
                pair.RunUntil(() => pair.A.State == SctpState.Established && target.State == SctpState.Established);
                if (session % 3 == 0)
                {
                    pair.A.Send(0, 53, new byte[3000], default, pair.Now);
                    pair.Run(0.2);
                }

                target.Send(1, 53, new byte[20_000], new SctpSendOptions(MaxRetransmits: session % 2 == 0 ? 0 : null), pair.Now);
                if (state == SctpState.ShutdownPending)
                {
                    target.Shutdown();
                }
                else if (state == SctpState.ShutdownSent)
                {
                    pair.Run(1);
                    pair.Filter = (fromA, _) => !fromA;
                    target.Shutdown();
                    pair.RunUntil(() => target.State == state);
                }
                else if (state == SctpState.ShutdownReceived)
                {
                    target.Send(2, 53, new byte[100_000], default, pair.Now);
                    pair.A.Shutdown();
                    pair.RunUntil(() => target.State == state);
                }
                else if (state == SctpState.ShutdownAckSent)
                {
                    pair.Run(1);
                    pair.Filter = (fromA, _) => fromA;
                    pair.A.Shutdown();
                    pair.RunUntil(() => target.State == state);
                }

                break;
        }

        _tags.Clear();
        _tags[target] = TagOfB();
        return (target, pair.Now);
    }

    private static uint TagOfB()
    {
        // The tag is the first thing B draws after its cookie key, so a twin with the same seed tells it.
        var twin = new SctpAssociation(new SctpOptions { Random = SimulatedPair.Seeded(7 * 2 + 2) });
        twin.Connect(0);
        var buffer = new byte[2048];
        var length = twin.PollPacket(buffer, 0);
        return PacketBuilder.U32(PacketBuilder.Chunks(buffer[..length])[0]);
    }
}
