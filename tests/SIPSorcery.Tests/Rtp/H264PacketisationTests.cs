using SIPSorcery.Net;

namespace SIPSorcery.Tests.Rtp;

public class H264PacketisationTests
{
    readonly FramePacketiser _packetiser = new();
    readonly H264Stream _stream = new(1);

    [Fact]
    public void Small_units_are_aggregated_and_large_ones_cut_evenly()
    {
        var frame = _packetiser.Packetise(_stream.KeyFrame(5_000), 1_200);
        var payloads = Payloads(frame);
        Assert.True(frame.IsKeyFrame);
        Assert.Equal(H264NalType.StapA, payloads[0][0] & 0x1F);
        Assert.Equal(1 + 2 + 12 + 2 + 4, payloads[0].Length);
        Assert.All(payloads[1..], payload => Assert.Equal(H264NalType.FuA, payload[0] & 0x1F));
        Assert.Equal(5, payloads[1..].Count);
        Assert.True(payloads[1..].Max(p => p.Length) - payloads[1..].Min(p => p.Length) <= 1);
        Assert.Equal(0x85, payloads[1][1]);
        Assert.All(payloads[2..^1], payload => Assert.Equal(0x05, payload[1]));
        Assert.Equal(0x45, payloads[^1][1]);
    }

    [Fact]
    public void Nothing_is_aggregated_in_mode_0()
    {
        var frame = _packetiser.Packetise(_stream.KeyFrame(500), 1_200, aggregate: false);
        Assert.Equal([0x67, 0x68, 0x65], Payloads(frame).Select(payload => (int)payload[0]));
    }

    [Fact]
    public void Start_codes_of_three_and_four_bytes_and_padding_zeros_are_understood()
    {
        byte[] stream = [0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 0, 1, 0x65, 0x88, 4, 0, 0];
        var payloads = Payloads(_packetiser.Packetise(stream, 1_200, aggregate: false));
        Assert.Equal<IEnumerable<byte>>([[0x67, 1, 2], [0x68, 3], [0x65, 0x88, 4]], payloads);
    }

    [Fact]
    public void Data_without_a_start_code_is_one_unit_and_nothing_at_all_is_none()
    {
        Assert.Equal<IEnumerable<byte>>([[0x41, 9, 9]], Payloads(_packetiser.Packetise([0x41, 9, 9], 1_200)));
        Assert.Equal(0, _packetiser.Packetise([], 1_200).Count);
        Assert.Equal(0, _packetiser.Packetise([0, 0, 0, 1], 1_200).Count);
        Assert.Equal(0, _packetiser.Packetise([0, 0, 0, 0, 0, 1, 0, 0, 1], 1_200).Count);
    }

    [Fact]
    public void Any_access_unit_comes_back_as_it_was_in_any_size_of_packet()
    {
        var random = new Random(5);
        for (var round = 0; round < 2_000; round++)
        {
            var units = Enumerable.Range(0, random.Next(1, 8))
                .Select(i => _stream.Unit((byte)(i == 0 ? 0x65 : random.Next(1, 24) | 0x20), random.Next(2, 4_000), i == 0)).ToArray();
            var maxPayload = random.Next(16, 1_500);
            var frame = _packetiser.Packetise(H264Stream.AnnexB(units), maxPayload, random.Next(2) == 0);
            var expected = H264Stream.AnnexB(units);
            var (length, inFragments) = (0, false);
            var actual = new byte[expected.Length];
            foreach (var payload in Payloads(frame))
            {
                Assert.InRange(payload.Length, 1, maxPayload);
                Assert.Equal(0, (int)(H264Payload.Classify(payload) & H264PayloadTraits.Malformed));
                Assert.True(H264Payload.TryAppend(payload, actual, ref length, ref inFragments));
            }
            Assert.False(inFragments);
            Assert.Equal(expected, actual);
            frame.Release();
        }
    }

    [Fact]
    public void Peers_share_one_frame_for_the_same_access_unit()
    {
        var accessUnit = _stream.DeltaFrame();
        var first = _packetiser.Packetise(accessUnit, 1_200);
        Assert.Same(first, _packetiser.Packetise([.. accessUnit], 1_200));
        Assert.NotSame(first, _packetiser.Packetise(accessUnit, 1_100));
        // The caller may use its array for the next frame: what was packetised stays as it is.
        var copy = Payloads(first);
        var again = _packetiser.Packetise(accessUnit, 1_200);
        accessUnit[10] ^= 1;
        Assert.NotSame(again, _packetiser.Packetise(accessUnit, 1_200));
        Assert.Equal(copy, Payloads(first));
    }

    [Fact]
    public void Buffers_are_used_again_only_when_nobody_needs_them()
    {
        var kept = _packetiser.Packetise(_stream.DeltaFrame(), 1_200);
        var before = Payloads(kept);
        var seen = new HashSet<PacketisedFrame>(ReferenceEqualityComparer.Instance);
        for (var i = 0; i < 100; i++)
        {
            var frame = _packetiser.Packetise(_stream.DeltaFrame(), 1_200);
            Assert.NotSame(kept, frame);
            seen.Add(frame);
            frame.Release();
        }
        Assert.InRange(seen.Count, 1, 3);
        Assert.Equal(before, Payloads(kept));
    }

    internal static List<byte[]> Payloads(PacketisedFrame frame)
    {
        var payloads = new List<byte[]>();
        var buffer = new byte[2_000];
        for (var i = 0; i < frame.Count; i++)
            payloads.Add(buffer[..frame.WritePayload(i, buffer)]);
        return payloads;
    }
}
