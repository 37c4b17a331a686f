using System.Buffers.Binary;
using System.Diagnostics;
using SIPSorcery.Net;

namespace SIPSorcery.Tests.Srtp;

public class SrtpStateTests
{
    public static TheoryData<int> Profiles => [(int)SrtpProfile.Aes128CmHmacSha1_80, (int)SrtpProfile.AeadAes128Gcm];

    [Theory, MemberData(nameof(Profiles))]
    public void Both_sides_of_a_handshake_understand_each_other(int profile)
    {
        using var client = Session(profile, true);
        using var server = Session(profile, false);
        foreach (var (from, to) in new[] { (client, server), (server, client) })
        {
            var packet = Rtp(7, 0xAA, 100, out var length);
            var sealed_ = from.Outbound.ProtectRtp(packet, length);
            Assert.True(sealed_ > length);
            Assert.Equal(length, to.Inbound.UnprotectRtp(packet, sealed_));
            Assert.Equal(Rtp(7, 0xAA, 100, out _)[..length], packet[..length]);
        }
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_packet_is_taken_once(int profile)
    {
        using var session = Session(profile, true);
        using var other = Session(profile, false);
        var packet = Protected(session, 100, 1);
        Assert.True(other.Inbound.UnprotectRtp([.. packet], packet.Length) > 0);
        Assert.Equal(SrtpResult.Replayed, other.Inbound.UnprotectRtp([.. packet], packet.Length));
        Assert.Equal(1, other.Inbound.Replayed);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_report_is_taken_once(int profile)
    {
        using var session = Session(profile, true);
        using var other = Session(profile, false);
        var packet = new byte[64];
        new byte[] { 0x80, 201, 0, 1, 0, 0, 0, 9 }.CopyTo(packet, 0);
        var length = session.Outbound.ProtectRtcp(packet, 8);
        Assert.Equal(8, other.Inbound.UnprotectRtcp([.. packet], length));
        Assert.Equal(SrtpResult.Replayed, other.Inbound.UnprotectRtcp([.. packet], length));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_flipped_bit_anywhere_is_refused_and_changes_nothing(int profile)
    {
        using var session = Session(profile, true);
        using var other = Session(profile, false);
        for (var bit = 0; bit < 8 * 60; bit++)
        {
            var packet = Protected(session, (ushort)(bit + 1), 1, 20);
            var forged = packet.ToArray();
            forged[bit / 8 % packet.Length] ^= (byte)(1 << bit % 8);
            Assert.True(other.Inbound.UnprotectRtp(forged, forged.Length) < 0, $"bit {bit}");
            Assert.True(other.Inbound.UnprotectRtp(packet, packet.Length) > 0, $"the genuine packet after bit {bit}");
        }
        Assert.True(other.Inbound.Forged > 300);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void The_rollover_is_followed_in_disorder_and_with_loss(int profile)
    {
        using var session = Session(profile, true);
        using var other = Session(profile, false);
        var random = new Random(1);
        var inFlight = new List<byte[]>();
        var received = 0;
        for (var i = 0; i < 200_000; i += 10)
        {
            inFlight.Add(Protected(session, (ushort)(20_000 + i), 1, 10));
            if (inFlight.Count < 30)
                continue;
            var pick = random.Next(inFlight.Count);
            var packet = inFlight[pick];
            inFlight.RemoveAt(pick);
            if (random.Next(10) == 0)
                continue;
            var length = other.Inbound.UnprotectRtp(packet, packet.Length);
            // Being overtaken by more than the window is a reason to be refused; being misread is not.
            Assert.NotEqual(SrtpResult.Forged, length);
            received += length > 0 ? 1 : 0;
        }
        Assert.True(received > 15_000, $"{received}");
        Assert.Equal(0, other.Inbound.Forged);
    }

    [Fact]
    public void Indices_are_estimated_as_in_RFC_3711_appendix_A()
    {
        Assert.Equal(5, SrtpSource.EstimateIndex(-1, 5));
        Assert.Equal(0x1_0000, SrtpSource.EstimateIndex(0xFFFF, 0));
        Assert.Equal(0xFFFF, SrtpSource.EstimateIndex(0x1_0000, 0xFFFF));
        Assert.Equal(0x1_0005, SrtpSource.EstimateIndex(0x1_0000, 5));
        Assert.Equal(0xFFF0, SrtpSource.EstimateIndex(0x10, 0xFFF0)); // nothing is before the first lap
        Assert.Equal(0x2_8000, SrtpSource.EstimateIndex(0x2_7FFF, 0x8000));
    }

    [Fact]
    public void The_replay_window_knows_what_it_saw()
    {
        var window = new ReplayWindow();
        var random = new Random(2);
        var seen = new HashSet<long>();
        long highest = -1;
        for (var i = 0; i < 200_000; i++)
        {
            var index = Math.Max(0, highest + random.Next(-1500, 40));
            if (random.Next(1000) == 0)
                index = highest + random.Next(5000);
            var fresh = index > highest || index > highest - ReplayWindow.Size && !seen.Contains(index);
            Assert.Equal(fresh, window.IsFresh(index));
            if (!fresh)
                continue;
            window.Add(index);
            seen.Add(index);
            highest = Math.Max(highest, index);
        }
    }

    [Fact]
    public void The_number_of_sources_is_bounded_and_only_genuine_packets_make_one()
    {
        using var session = Session((int)SrtpProfile.AeadAes128Gcm, true);
        using var other = Session((int)SrtpProfile.AeadAes128Gcm, false);
        for (var ssrc = 1000u; ssrc < 2000; ssrc++)
        {
            var forged = Rtp(1, ssrc, 50, out _);
            Assert.Equal(SrtpResult.Forged, other.Inbound.UnprotectRtp(forged, forged.Length));
        }
        for (var ssrc = 0u; ssrc < SrtpSources.Limit; ssrc++)
        {
            var packet = Protected(session, 1, ssrc);
            Assert.True(other.Inbound.UnprotectRtp(packet, packet.Length) > 0);
        }
        Assert.Equal(SrtpResult.TooManySources, session.Outbound.ProtectRtp(Rtp(1, 999, 50, out var length), length));
        Assert.Equal(SrtpResult.TooManySources, other.Inbound.UnprotectRtp(Rtp(1, 999, 50, out _), 82));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_number_is_used_once_except_for_the_same_packet_again(int profile)
    {
        using var session = Session(profile, true);
        var first = Protected(session, 10, 1);
        for (ushort i = 11; i < 600; i++)
            Protected(session, i, 1);
        var packet = Rtp(10, 1, 50, out var length);
        Assert.Equal(SrtpResult.Replayed, session.Outbound.ProtectRtp(packet, length));
        Assert.Equal(first.Length, session.Outbound.ProtectRtp(packet, length, again: true));
        Assert.Equal(first, packet[..first.Length]);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Nothing_is_written_outside_of_the_buffer(int profile)
    {
        using var session = Session(profile, true);
        var packet = Rtp(1, 1, 100, out var length);
        Assert.Equal(SrtpResult.NoRoom, session.Outbound.ProtectRtp(packet.AsSpan(0, length + 9), length));
        Assert.Equal(SrtpResult.NoRoom, session.Outbound.ProtectRtcp(packet.AsSpan(0, length + 13), length));
        Assert.Equal(SrtpResult.Malformed, session.Outbound.ProtectRtp(packet, 11));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void A_million_mutated_packets_do_no_harm(int profile)
    {
        using var session = Session(profile, true);
        using var other = Session(profile, false);
        var template = Protected(session, 500, 1, 60);
        var report = new byte[64];
        new byte[] { 0x80, 201, 0, 1, 0, 0, 0, 9 }.CopyTo(report, 0);
        var reportLength = session.Outbound.ProtectRtcp(report, 8);
        var random = new Random(3);
        var buffer = new byte[128];
        // Wrong tags cost an exception inside of .NET's AES-GCM, so most of its million is cut short of one.
        var full = profile == (int)SrtpProfile.AeadAes128Gcm ? 50_000 : 1_000_000;
        for (var i = 0; i < 1_000_000; i++)
        {
            var rtcp = i % 4 == 0;
            var source = rtcp ? report.AsSpan(0, reportLength) : template;
            source.CopyTo(buffer);
            var length = i < full ? random.Next(source.Length + 1) : random.Next(28);
            for (var flips = random.Next(1, 6); flips > 0; flips--)
                buffer[random.Next(source.Length)] = (byte)random.Next(256);
            if (buffer.AsSpan(0, length).SequenceEqual(source))
                continue;
            var result = rtcp ? other.Inbound.UnprotectRtcp(buffer, length) : other.Inbound.UnprotectRtp(buffer, length);
            if (result >= 0)
                Assert.Fail($"Taken for genuine: {Convert.ToHexString(buffer, 0, length)}");
        }
        Assert.True(other.Inbound.UnprotectRtp([.. template], template.Length) > 0);
        Assert.Equal(8, other.Inbound.UnprotectRtcp([.. report], reportLength));
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Nothing_is_allocated_for_a_packet(int profile)
    {
        using var session = Session(profile, true);
        using var other = Session(profile, false);
        var buffer = Rtp(0, 1, 1200, out var length);
        void Run(int count, int start)
        {
            for (var i = 0; i < count; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), (ushort)(start + i));
                var size = session.Outbound.ProtectRtp(buffer, length);
                if (other.Inbound.UnprotectRtp(buffer, size) != length)
                    Assert.Fail("lost");
            }
        }
        Run(20_000, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(20_000, 20_000);
        // IncrementalHash may allocate a little, once in a while; a byte for a packet would be 20000.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000);
    }

    [Theory, MemberData(nameof(Profiles))]
    public void Protection_is_fast(int profile)
    {
        using var session = Session(profile, true);
        var buffer = Rtp(0, 1, 1200, out var length);
        var best = double.MaxValue;
        ushort sequence = 0;
        for (var round = 0; round < 20; round++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < 5_000; i++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(buffer.AsSpan(2), sequence++);
                session.Outbound.ProtectRtp(buffer, length);
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / 5_000);
        }
        // The targets are 2 and 3 microseconds; what fails here is a lost fast path, not a busy machine.
        Assert.InRange(best, 0, 50);
    }

    static SrtpSession Session(int profile, bool client)
    {
        var material = new byte[SrtpKeys.MaterialSize((SrtpProfile)profile)];
        new Random(4).NextBytes(material);
        return SrtpSession.FromDtls((SrtpProfile)profile, material, client);
    }

    static byte[] Protected(SrtpSession session, ushort sequence, uint ssrc, int payload = 50)
    {
        var packet = Rtp(sequence, ssrc, payload, out var length);
        return packet[..session.Outbound.ProtectRtp(packet, length)];
    }

    static byte[] Rtp(ushort sequence, uint ssrc, int payload, out int length)
    {
        length = 12 + payload;
        var packet = new byte[length + SrtpDirection.MaxOverhead];
        packet[0] = 0x80;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        for (var i = 12; i < length; i++)
            packet[i] = (byte)(i * 31 + sequence);
        return packet;
    }
}
