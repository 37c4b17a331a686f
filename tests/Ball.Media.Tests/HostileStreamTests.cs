using System.Globalization;
using Ball.Media.Bitstream;

namespace Ball.Media.Tests;

/// <summary>
/// Nothing that arrives may hurt the process. A crash in native code takes the test run with it, so passing is proof.
/// BALL_MUTATIONS in the environment asks for more than the everyday number, and BALL_SEED for others.
/// </summary>
public sealed class HostileStreamTests
{
    private static readonly int s_mutations = Number("BALL_MUTATIONS", 40_000);
    private static readonly int s_seed = Number("BALL_SEED", 1);

    [Fact]
    public void Mutated_access_units_are_survived_and_the_next_keyframe_is_decoded()
    {
        var random = new Random(s_seed);
        var streams = Streams();
        using var decoder = new H264Decoder();
        int decoded = 0, lost = 0;
        for (var i = 0; i < s_mutations; i++)
        {
            var stream = streams[random.Next(streams.Count)];
            var unit = stream[random.Next(stream.Count)];
            if (random.Next(4) == 0)
                Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(stream[0], out _));
            var result = decoder.Decode(Mutate(unit, stream, random), out var picture);
            Assert.Equal(result == H264DecodeResult.Decoded, !picture.Bytes.IsEmpty);
            if (result == H264DecodeResult.Decoded)
                decoded++;
            if (result == H264DecodeResult.Lost)
                lost++;
        }
        // Both happen, or the mutations do not reach where they should.
        Assert.InRange(lost, s_mutations / 10, s_mutations);
        Assert.InRange(decoded, s_mutations / 1000, s_mutations);
        foreach (var unit in streams[0])
            Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out _));
    }

    [Fact]
    public void Mutated_parameter_sets_are_survived()
    {
        var random = new Random(s_seed);
        var streams = Streams();
        using var decoder = new H264Decoder();
        for (var i = 0; i < s_mutations / 8; i++)
        {
            var stream = streams[random.Next(streams.Count)];
            var unit = stream[0].ToArray();
            // The first bytes are the parameter sets: a few bits of them, then a sound stream that builds on them.
            for (var n = random.Next(1, 4); n > 0; n--)
                unit[random.Next(Math.Min(40, unit.Length))] ^= (byte)(1 << random.Next(8));
            decoder.Decode(unit, out _);
            for (var n = random.Next(3); n > 0; n--)
                decoder.Decode(stream[random.Next(stream.Count)], out _);
        }
        foreach (var unit in streams[0])
            Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out _));
    }

    [Fact]
    public void Noise_is_survived()
    {
        var random = new Random(s_seed);
        using var decoder = new H264Decoder();
        var bytes = new byte[2000];
        for (var i = 0; i < s_mutations; i++)
        {
            var length = random.Next(bytes.Length);
            random.NextBytes(bytes.AsSpan(0, length));
            for (var at = 0; at < length - 5; at += random.Next(4, 300))
            {
                // Start codes, so that some of it looks like NAL units.
                (bytes[at], bytes[at + 1], bytes[at + 2]) = (0, 0, 1);
                bytes[at + 3] = (byte)(0x60 | random.Next(1, 10));
            }
            Assert.NotEqual(H264DecodeResult.Decoded, decoder.Decode(bytes.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void The_gate_itself_notices_that_a_reference_is_missing()
    {
        // Decoders notice only where the stream says that frame numbers never jump.
        foreach (var stream in Streams())
        {
            for (var missing = 1; missing < stream.Count - 1; missing++)
            {
                var gate = new StreamGate();
                for (var i = 0; i < missing; i++)
                    Assert.True(gate.Examine(stream[i]));
                Assert.Equal(gate.Examine(stream[missing + 1]), gate.IsKeyframe);
                Assert.Equal(gate.IsKeyframe, gate.InSync);
            }
        }
    }

    [Fact]
    public void A_frame_size_out_of_bounds_is_refused_before_memory_is_taken()
    {
        // 4096 x 16384 in macroblocks of 16, and 32 x 16 with a crop that leaves nothing.
        Assert.False(SequenceParameters.TryRead(Sps(255, 1023, null), out _));
        Assert.False(SequenceParameters.TryRead(Sps(1, 0, [8, 8, 0, 0]), out _));
        Assert.True(SequenceParameters.TryRead(Sps(1, 0, [4, 4, 0, 0]), out var sound));
        Assert.Equal(2, sound.Macroblocks);
    }

    [Fact]
    public void Numbers_are_read_across_emulation_prevention_and_never_past_the_end()
    {
        var bits = new BitReader([0x00, 0x00, 0x03, 0x01, 0x80]);
        Assert.Equal(0u, bits.Bits(16));
        Assert.Equal(0x0180u, bits.Bits(16));
        Assert.False(bits.Failed);
        Assert.Equal(0u, bits.Bits(8));
        Assert.True(bits.Failed);

        var codes = new BitReader([0b1_010_011_0, 0b0100_0010, 0b1_0000000, 0, 0, 0, 0, 0]);
        Assert.Equal([0u, 1u, 2u, 3u], [codes.Unsigned(), codes.Unsigned(), codes.Unsigned(), codes.Unsigned()]);
        Assert.Equal(-2, codes.Signed());
        Assert.Equal(0u, codes.Unsigned());
        Assert.True(codes.Failed);
    }

    [Fact]
    public void Nal_units_are_found_behind_short_and_long_start_codes()
    {
        ReadOnlySpan<byte> rest = [9, 0, 0, 1, 0x67, 1, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65];
        var found = new List<string>();
        while (AnnexB.TryNext(ref rest, out var nal))
            found.Add(Convert.ToHexString(nal));
        Assert.Equal(["6701", "6802", "65"], found);
    }

    private static List<List<byte[]>> Streams()
    {
        var clip = new Clip(160, 128);
        using var encoder = new H264Encoder(new H264EncoderOptions { Bitrate = 300_000 });
        var raw = new List<byte>();
        for (var i = 0; i < 12; i++)
            raw.AddRange(clip.Frame(i).Bytes);
        const string x264 = "-f rawvideo -pix_fmt yuv420p -s 160x128 -r 30 -i - -c:v libx264 -tune zerolatency -bf 0";
        return
        [
            clip.Encode(encoder, 12),
            H264Tests.AccessUnits(Ffmpeg.Run($"{x264} -profile:v baseline -refs 4 -slices 3 -b:v 400k -f h264 -", [.. raw])),
            H264Tests.AccessUnits(Ffmpeg.Run($"{x264} -profile:v main -weightp 2 -b:v 300k -f h264 -", [.. raw])),
            H264Tests.AccessUnits(Ffmpeg.Run($"{x264} -profile:v high -refs 3 -g 5 -b:v 300k -f h264 -", [.. raw])),
        ];
    }

    private static byte[] Mutate(byte[] unit, List<byte[]> stream, Random random)
    {
        var bytes = unit.ToList();
        for (var rounds = random.Next(1, 4); rounds > 0 && bytes.Count > 8; rounds--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes.RemoveRange(at, random.Next(bytes.Count - at));
                    break;
                case 3:
                    bytes.InsertRange(at, Enumerable.Range(0, random.Next(40)).Select(_ => (byte)random.Next(256)));
                    break;
                case 4:
                    var other = stream[random.Next(stream.Count)];
                    bytes.RemoveRange(at, bytes.Count - at);
                    bytes.AddRange(other.Skip(random.Next(other.Length)));
                    break;
                case 5:
                    // The slice header and what follows it at once.
                    bytes[Math.Min(bytes.Count - 1, 4 + random.Next(12))] ^= (byte)(1 << random.Next(8));
                    break;
                case 6:
                    bytes.AddRange(stream[random.Next(stream.Count)]);
                    break;
                default:
                    for (var i = at; i < Math.Min(bytes.Count, at + 20); i++)
                        bytes[i] = (byte)random.Next(256);
                    break;
            }
        }
        return [.. bytes];
    }

    private static byte[] Sps(uint widthMinus1, uint heightMinus1, uint[]? crop)
    {
        var bits = new List<bool>();
        foreach (var value in new byte[] { 66, 0xC0, 31 })
            Fixed(value, 8);
        foreach (var value in new uint[] { 0, 0, 2, 1 })
            Golomb(value);
        bits.Add(false);
        Golomb(widthMinus1);
        Golomb(heightMinus1);
        bits.AddRange([true, false, crop is not null]);
        foreach (var value in crop ?? [])
            Golomb(value);
        bits.AddRange([false, true]);
        var bytes = new byte[(bits.Count + 7) / 8];
        for (var i = 0; i < bits.Count; i++)
            bytes[i / 8] |= (byte)(bits[i] ? 0x80 >> i % 8 : 0);
        return bytes;

        void Fixed(uint value, int count)
        {
            for (var i = count - 1; i >= 0; i--)
                bits.Add((value >> i & 1) != 0);
        }

        void Golomb(uint value)
        {
            var length = 32 - System.Numerics.BitOperations.LeadingZeroCount(value + 1);
            Fixed(value + 1, length * 2 - 1);
        }
    }

    private static int Number(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
