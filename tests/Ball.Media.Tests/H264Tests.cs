using Ball.Media.Bitstream;
using Ball.Pictures;

namespace Ball.Media.Tests;

public sealed class H264Tests
{
    [Theory]
    [InlineData(640, 480)]
    [InlineData(320, 240, true)]
    [InlineData(646, 482)]
    [InlineData(34, 50, true)]
    [InlineData(32, 32)]
    [InlineData(1280, 720, true, 2)]
    public void What_we_encode_and_decode_is_bit_for_bit_what_ffmpeg_decodes(
        int width, int height, bool deblocking = false, int threads = 1)
    {
        using var encoder = new H264Encoder(
            new H264EncoderOptions { Bitrate = 800_000, Deblocking = deblocking, Threads = threads });
        using var decoder = new H264Decoder();
        var stream = new List<byte>();
        var pictures = new List<byte>();
        foreach (var unit in new Clip(width, height).Encode(encoder, 40))
        {
            stream.AddRange(unit);
            Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out var picture));
            Assert.Equal((width, height), (picture.Width, picture.Height));
            pictures.AddRange(picture.Bytes);
        }
        Assert.True(Ffmpeg.Decode([.. stream]).AsSpan().SequenceEqual(pictures.ToArray()));
    }

    [Theory]
    [InlineData("-c:v libx264 -profile:v baseline -preset veryfast -tune zerolatency -g 20")]
    [InlineData("-c:v libx264 -profile:v baseline -preset slow -bf 0 -refs 3 -slices 4 -b:v 300k")]
    [InlineData("-c:v libx264 -profile:v main -preset veryfast -tune zerolatency -x264-params keyint=15:scenecut=0")]
    [InlineData("-c:v libx264 -profile:v high -preset veryfast -tune zerolatency -g 20")]
    public void What_ffmpeg_encodes_we_decode_bit_for_bit_as_ffmpeg_does(string encoder)
    {
        var clip = new Clip();
        var raw = new List<byte>();
        for (var i = 0; i < 40; i++)
            raw.AddRange(clip.Frame(i).Bytes);
        var stream = Ffmpeg.Run($"-f rawvideo -pix_fmt yuv420p -s 320x240 -r 30 -i - {encoder} -f h264 -", [.. raw]);
        var expected = Ffmpeg.Decode(stream);
        using var decoder = new H264Decoder();
        var pictures = new List<byte>();
        foreach (var unit in AccessUnits(stream))
        {
            Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out var picture));
            pictures.AddRange(picture.Bytes);
        }
        Assert.Equal(expected.Length, pictures.Count);
        Assert.True(expected.AsSpan().SequenceEqual(pictures.ToArray()));
    }

    [Theory]
    [InlineData(250_000, 34, 0.4)]
    [InlineData(500_000, 36, 0.2)]
    [InlineData(1_500_000, 40, 0.1)]
    public void The_ball_comes_through_sharp_and_in_its_place(int bitrate, double leastPsnr, double mostError)
    {
        using var encoder = new H264Encoder(new H264EncoderOptions { Bitrate = bitrate });
        using var decoder = new H264Decoder();
        var clip = new Clip(640, 480);
        double psnr = 0, error = 0;
        const int frames = 150, settling = 15;
        for (var i = 0; i < frames; i++)
        {
            var frame = clip.Frame(i);
            Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(encoder.Encode(frame, clip.Milliseconds(i)), out var picture));
            if (i < settling)
                continue;
            psnr += Clip.Psnr(frame, picture) / (frames - settling);
            var (truth, seen) = (clip.Truth(i), Clip.Centroid(picture));
            error += Math.Sqrt(Math.Pow(truth.X - seen.X, 2) + Math.Pow(truth.Y - seen.Y, 2)) / (frames - settling);
        }
        Assert.True(psnr >= leastPsnr, $"{psnr:f1} dB");
        Assert.True(error <= mostError, $"{error:f3} px");
    }

    [Fact]
    public void Each_keyframe_brings_its_parameter_sets_in_constrained_baseline()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        var clip = new Clip();
        for (var i = 0; i < 30; i++)
        {
            if (i is 7 or 20)
                encoder.RequestKeyframe();
            var unit = encoder.Encode(clip.Frame(i), clip.Milliseconds(i));
            var types = new List<int>();
            foreach (var nal in Nals(unit))
            {
                types.Add(nal[0] & 31);
                if ((nal[0] & 31) == 7)
                    Assert.Equal((66, 0xC0), (nal[1], nal[2] & 0xC0));
            }
            Assert.Equal(i is 0 or 7 or 20, encoder.IsKeyframe);
            Assert.Equal(encoder.IsKeyframe ? [7, 8, 5] : [1], types);
        }
    }

    [Fact]
    public void After_a_loss_nothing_is_shown_until_the_next_keyframe()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        using var decoder = new H264Decoder();
        var clip = new Clip();
        var units = clip.Encode(encoder, 20);
        encoder.RequestKeyframe();
        units.AddRange(clip.Encode(encoder, 20, from: 20));
        for (var i = 0; i < units.Count; i++)
        {
            if (i == 10)
                continue;
            var result = decoder.Decode(units[i], out var picture);
            Assert.Equal(i is > 10 and < 20 ? H264DecodeResult.Lost : H264DecodeResult.Decoded, result);
            Assert.Equal(result == H264DecodeResult.Decoded, !picture.Bytes.IsEmpty);
            Assert.Equal(i is <= 10 or >= 20, decoder.InSync);
        }
    }

    [Fact]
    public void A_loss_that_only_the_network_saw_is_taken_into_account()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        using var decoder = new H264Decoder();
        var units = new Clip().Encode(encoder, 5);
        Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(units[0], out _));
        decoder.NoteLoss();
        Assert.Equal(H264DecodeResult.Lost, decoder.Decode(units[1], out _));
        Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(units[0], out _));
    }

    [Fact]
    public void A_viewer_who_comes_late_waits_for_a_keyframe()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions { KeyframeInterval = 10 });
        using var decoder = new H264Decoder();
        var units = new Clip().Encode(encoder, 20);
        for (var i = 4; i < 20; i++)
            Assert.Equal(i < 10 ? H264DecodeResult.Lost : H264DecodeResult.Decoded, decoder.Decode(units[i], out _));
    }

    [Fact]
    public void Parameter_sets_may_come_in_an_access_unit_of_their_own()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        using var decoder = new H264Decoder();
        var unit = new Clip().Encode(encoder, 1)[0];
        var picture = unit.AsSpan().LastIndexOf([(byte)0, (byte)0, (byte)0, (byte)1]);
        Assert.Equal(H264DecodeResult.NeedMore, decoder.Decode(unit.AsSpan(0, picture), out _));
        Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit.AsSpan(picture), out _));
        Assert.Equal(H264DecodeResult.NeedMore, decoder.Decode([], out _));
    }

    [Fact]
    public void A_truncated_picture_is_never_shown()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        var units = new Clip().Encode(encoder, 3);
        for (var cut = 1; cut < units[1].Length; cut++)
        {
            using var decoder = new H264Decoder();
            Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(units[0], out _));
            Assert.NotEqual(H264DecodeResult.Decoded, decoder.Decode(units[1].AsSpan(0, units[1].Length - cut), out _));
            if (cut > 8)
                cut += units[1].Length / 40;
        }
    }

    [Fact]
    public void The_decoder_follows_the_size()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        using var decoder = new H264Decoder();
        foreach (var (width, height) in new[] { (320, 240), (64, 48), (640, 360), (34, 34), (320, 240) })
        {
            var clip = new Clip(width, height);
            for (var i = 0; i < 5; i++)
            {
                var unit = encoder.Encode(clip.Frame(i), clip.Milliseconds(i));
                Assert.Equal(i == 0, encoder.IsKeyframe);
                Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out var picture));
                Assert.Equal((width, height), (picture.Width, picture.Height));
                Assert.True(Clip.Psnr(clip.Frame(i), picture) > 30);
            }
        }
    }

    [Theory]
    [InlineData(30)]
    [InlineData(120)]
    public void The_bitrate_is_kept_and_changes_on_the_fly(double frameRate)
    {
        using var encoder = new H264Encoder(new H264EncoderOptions { Bitrate = 400_000, FrameRate = frameRate });
        var random = new Random(1);
        var picture = new Picture(320, 240, PixelFormat.I420);
        var frame = 0;
        var slow = Measure();
        encoder.SetBitrate(1_600_000);
        var fast = Measure();
        encoder.SetBitrate(400_000);
        var slowAgain = Measure();
        Assert.InRange(slow, 200_000, 520_000);
        Assert.InRange(fast, 1_000_000, 2_000_000);
        Assert.InRange(slowAgain, 200_000, 520_000);

        // Noise never runs out of detail, so the encoder has to keep to its budget.
        double Measure()
        {
            long bits = 0;
            var frames = (int)(frameRate * 4);
            for (var i = 0; i < frames; i++, frame++)
            {
                for (var j = 0; j < picture.Bytes.Length; j += 4)
                    picture.Bytes[j] = (byte)(100 + random.Next(24));
                var unit = encoder.Encode(picture.View, (long)(frame * 1000 / frameRate));
                if (i >= frames / 4)
                    bits += unit.Length * 8;
            }
            return bits / 3.0;
        }
    }

    [Theory]
    [InlineData(32, 32)]
    [InlineData(640, 480)]
    public void Any_bitrate_and_frame_rate_in_range_is_taken(int width, int height)
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        using var decoder = new H264Decoder();
        var clip = new Clip(width, height);
        var frame = 0;
        foreach (var bitrate in new[] { 0, 50_000, 100_000, 20_000_000, int.MaxValue })
        {
            foreach (var rate in new[] { 0.0, 1, 29.97, 60, 240, 5000 })
            {
                encoder.SetBitrate(bitrate);
                encoder.SetFrameRate(rate);
                var unit = encoder.Encode(clip.Frame(frame), clip.Milliseconds(frame));
                Assert.Equal(H264DecodeResult.Decoded, decoder.Decode(unit, out _));
                frame++;
            }
        }
    }

    [Fact]
    public async Task An_encoder_and_a_decoder_may_be_closed_while_they_work()
    {
        var clip = new Clip(640, 480);
        var frame = new Picture(640, 480, PixelFormat.I420);
        clip.Frame(0).Bytes.CopyTo(frame.Bytes);
        for (var i = 0; i < 10; i++)
        {
            var encoder = new H264Encoder(new H264EncoderOptions());
            var decoder = new H264Decoder();
            var unit = encoder.Encode(frame.View, 0).ToArray();
            using var working = new CountdownEvent(2);
            var encoding = Task.Run(() => UntilClosed(() => encoder.Encode(frame.View, 0)));
            var decoding = Task.Run(() => UntilClosed(() => decoder.Decode(unit, out _)));
            Assert.True(working.Wait(TimeSpan.FromSeconds(30)));
            encoder.Dispose();
            decoder.Dispose();
            await Task.WhenAll(encoding, decoding).WaitAsync(TimeSpan.FromSeconds(30));

            void UntilClosed(Action work)
            {
                for (var round = 0; round < 100_000; round++)
                {
                    try
                    {
                        work();
                    }
                    catch (ObjectDisposedException)
                    {
                        return;
                    }
                    if (round == 0)
                        working.Signal();
                }
            }
        }
    }

    [Fact]
    public void No_frame_is_skipped_unless_that_is_asked_for()
    {
        var clip = new Clip(640, 480);
        using var steady = new H264Encoder(new H264EncoderOptions { Bitrate = 50_000 });
        Assert.All(clip.Encode(steady, 100), unit => Assert.NotEmpty(unit));
    }

    [Fact]
    public void A_picture_that_is_no_I420_or_too_small_is_refused()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        Assert.Throws<ArgumentException>(() => encoder.Encode(new Picture(64, 64, PixelFormat.Bgr24).View, 0).Length);
        Assert.Throws<ArgumentException>(() => encoder.Encode(new Picture(8, 64, PixelFormat.I420).View, 0).Length);
        Assert.Throws<ArgumentException>(() => encoder.Encode(new Picture(8192, 8192, PixelFormat.I420).View, 0).Length);
        Assert.False(encoder.Encode(new Clip().Frame(0), 0).IsEmpty);
    }

    [Fact]
    public void Wide_strides_encode_as_packed_ones_do()
    {
        var clip = new Clip();
        var wide = new Picture(PictureLayout.Packed(320, 240, PixelFormat.I420) with { Stride = 384 });
        using var packedEncoder = new H264Encoder(new H264EncoderOptions());
        using var wideEncoder = new H264Encoder(new H264EncoderOptions());
        for (var i = 0; i < 5; i++)
        {
            var frame = clip.Frame(i);
            for (var y = 0; y < 240; y++)
                frame.Y.Slice(y * 320, 320).CopyTo(wide.Y[(y * 384)..]);
            for (var y = 0; y < 120; y++)
            {
                frame.U.Slice(y * 160, 160).CopyTo(wide.U[(y * 192)..]);
                frame.V.Slice(y * 160, 160).CopyTo(wide.V[(y * 192)..]);
            }
            var expected = packedEncoder.Encode(frame, i * 33).ToArray();
            Assert.True(wideEncoder.Encode(wide.View, i * 33).SequenceEqual(expected));
        }
    }

    [Fact]
    public void Encoding_and_decoding_allocate_nothing()
    {
        using var encoder = new H264Encoder(new H264EncoderOptions());
        using var decoder = new H264Decoder();
        var clip = new Clip();
        Run(0);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(50);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Run(int from)
        {
            for (var i = from; i < from + 50; i++)
                decoder.Decode(encoder.Encode(clip.Frame(i), clip.Milliseconds(i)), out _);
        }
    }

    [Fact]
    public void Closed_encoders_and_decoders_say_so()
    {
        var encoder = new H264Encoder(new H264EncoderOptions());
        encoder.Dispose();
        encoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => encoder.Encode(new Clip().Frame(0), 0).Length);
        var decoder = new H264Decoder();
        decoder.Dispose();
        decoder.Dispose();
        Assert.Throws<ObjectDisposedException>(() => decoder.Decode([], out _));
    }

    [Fact]
    public void A_missing_library_is_one_clear_line()
    {
        var missing = Assert.Throws<OpenH264MissingException>(() => Native.OpenH264.Load(["libnowhere.so.7"]));
        Assert.Equal("H.264 needs OpenH264: apt-get install libopenh264-7 (or ./ball setup)", missing.Message);
        var wrong = Assert.Throws<OpenH264MissingException>(() => Native.OpenH264.Load(["libc.so.6"]));
        Assert.Contains("libc.so.6 is not OpenH264", wrong.Message);
    }

    private static List<byte[]> Nals(ReadOnlySpan<byte> unit)
    {
        var nals = new List<byte[]>();
        while (AnnexB.TryNext(ref unit, out var nal))
            nals.Add(nal.ToArray());
        return nals;
    }

    /// <summary>
    /// Cuts a stream into access units: a new one begins where a picture's first slice follows another picture.
    /// </summary>
    internal static List<byte[]> AccessUnits(byte[] stream)
    {
        var units = new List<byte[]>();
        var unit = new List<byte>();
        var hasPicture = false;
        foreach (var nal in Nals(stream))
        {
            var isSlice = (nal[0] & 31) is 1 or 5;
            if (hasPicture && (!isSlice || (nal[1] & 0x80) != 0))
            {
                units.Add([.. unit]);
                unit.Clear();
                hasPicture = false;
            }
            unit.AddRange([0, 0, 0, 1, .. nal]);
            hasPicture |= isSlice;
        }
        units.Add([.. unit]);
        return units;
    }
}
