using Ball.Link.RawFrames;
using Ball.Pictures;
using FsCheck;
using FsCheck.Fluent;

namespace Ball.Link.Tests.RawFrames;

public class RawFrameTests
{
    [Theory]
    [InlineData(1, 1, PixelFormat.Gray8)]
    [InlineData(640, 480, PixelFormat.Gray8)]
    [InlineData(640, 480, PixelFormat.Bgr24)]
    [InlineData(641, 479, PixelFormat.Bgr24)]
    [InlineData(320, 240, PixelFormat.I420)]
    [InlineData(1920, 1080, PixelFormat.Bgr24)]
    public void A_frame_arrives_as_it_was_sent(int width, int height, PixelFormat format)
    {
        var picture = Noise(width, height, format, 1);
        var messages = Cut(7, picture);
        var assembler = new RawFrameAssembler();
        for (int i = 0; i < messages.Count; i++)
        {
            Assert.InRange(messages[i].Count, RawFrameHeader.Length + 1, RawFrameMessages.DefaultMaxMessage);
            bool whole = assembler.Accept(messages[i], out var frame);
            Assert.Equal(i == messages.Count - 1, whole);
            if (!whole)
                continue;
            Assert.Equal(7, frame.Header.Frame);
            Assert.Equal(7u * 3000, frame.Header.Rtp);
            Assert.Equal(7000, frame.Header.Time);
            Assert.Equal(picture.Layout, frame.Header.Layout);
            Assert.True(picture.View.Bytes.SequenceEqual(frame.Picture.Bytes));
        }
        Assert.Equal(1, assembler.Completed);
    }

    [Fact]
    public void A_small_frame_is_one_message_with_its_pixels_behind_the_header()
    {
        var picture = Noise(160, 120, PixelFormat.Gray8, 2);
        var messages = Cut(1, picture);
        Assert.Equal(1, messages.Count);
        Assert.True(picture.View.Bytes.SequenceEqual(messages[0].AsSpan(48)));
        Assert.Equal("BRF1"u8.ToArray(), messages[0].AsSpan(0, 4).ToArray());
    }

    [Fact]
    public void Chunks_may_come_in_any_order_and_twice()
    {
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var picture = Noise(random.Next(1, 300), random.Next(1, 300), PixelFormat.Bgr24, seed);
            var messages = new RawFrameMessages(1024);
            messages.Cut(3, 9000, 5, picture.View);
            var order = Enumerable.Range(0, messages.Count).SelectMany(i => new[] { i, i }).ToArray();
            random.Shuffle(order);
            var assembler = new RawFrameAssembler();
            int whole = 0;
            foreach (int index in order)
            {
                if (!assembler.Accept(messages[index], out var frame))
                    continue;
                whole++;
                Assert.True(picture.View.Bytes.SequenceEqual(frame.Pixels));
            }
            return whole == 1 && assembler.Stale == messages.Count && assembler.Malformed == 0;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void A_frame_that_is_overtaken_is_dropped()
    {
        var assembler = new RawFrameAssembler();
        var first = Cut(1, Noise(640, 480, PixelFormat.Gray8, 1));
        var second = Cut(2, Noise(640, 480, PixelFormat.Gray8, 2));
        for (int i = 1; i < first.Count; i++)
            Assert.False(assembler.Accept(first[i], out _));
        for (int i = 0; i < second.Count; i++)
            Assert.Equal(i == second.Count - 1, assembler.Accept(second[i], out _));
        Assert.False(assembler.Accept(first[0], out _));
        Assert.Equal(1, assembler.Dropped);
        Assert.Equal(1, assembler.Stale);
        Assert.Equal(1, assembler.Completed);
    }

    [Fact]
    public void Frames_without_end_take_no_more_memory()
    {
        var assembler = new RawFrameAssembler();
        var frames = Enumerable.Range(1, 4).Select(n => Cut(n, Noise(640, 480, PixelFormat.Gray8, n))).ToArray();
        foreach (var frame in frames)
            assembler.Accept(frame[0], out _);
        Assert.Equal(2, assembler.Dropped);
        var messages = new RawFrameMessages();
        var picture = Noise(640, 480, PixelFormat.Gray8, 9);
        Work(100, 1);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Work(101, 100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        void Work(long from, int count)
        {
            for (long n = from; n < from + count; n++)
            {
                messages.Cut(n, 0, 0, picture.View);
                for (int i = 0; i < messages.Count; i++)
                    assembler.Accept(messages[i], out _);
            }
        }
    }

    [Fact]
    public void Chunks_that_contradict_each_other_are_refused()
    {
        var assembler = new RawFrameAssembler();
        var frame = Cut(1, Noise(640, 480, PixelFormat.Gray8, 1));
        var other = new RawFrameMessages(32 * 1024);
        other.Cut(1, 3000, 1000, Noise(640, 480, PixelFormat.Gray8, 1).View);
        assembler.Accept(frame[0], out _);
        assembler.Accept(other[1], out _);
        Assert.Equal(1, assembler.Malformed);
    }

    [Fact]
    public void A_frame_of_absurd_size_takes_no_memory()
    {
        var assembler = new RawFrameAssembler(maxFrameBytes: 100_000);
        Assert.False(assembler.Accept(Cut(1, Noise(640, 480, PixelFormat.Gray8, 1))[0], out _));
        Assert.Equal(1, assembler.Malformed);
    }

    [Fact]
    public void Half_a_million_spoilt_messages_do_no_harm()
    {
        var messages = new RawFrameMessages(1024);
        messages.Cut(5, 15000, 5, Noise(40, 60, PixelFormat.Gray8, 3).View);
        Assert.True(messages.Count > 2);
        var random = new Random(11);
        var target = new byte[2048];
        var assembler = new RawFrameAssembler(1 << 20);
        for (int i = 0; i < 500_000; i++)
        {
            var seed = messages[random.Next(messages.Count)].AsSpan();
            int length = seed.Length;
            if (random.Next(4) == 0)
            {
                length = Mutation.Spoil(random, seed, target);
            }
            else
            {
                seed.CopyTo(target);
                target[random.Next(RawFrameHeader.Length)] = (byte)random.Next(256);
            }
            if (assembler.Accept(target.AsSpan(0, length), out var frame))
                Assert.Equal(frame.Header.Layout.ByteCount, frame.Pixels.Length);
        }
        Assert.NotEqual(0, assembler.Completed);
        Assert.NotEqual(0, assembler.Malformed);
    }

    [Fact]
    public void A_busy_channel_drops_whole_frames()
    {
        var channel = new Channel();
        var sender = new RawFrameSender(channel);
        var frame = Cut(1, Noise(640, 480, PixelFormat.Gray8, 1));
        Assert.False(sender.TrySend(frame));
        channel.IsOpen = true;
        Assert.True(sender.TrySend(frame));
        Assert.True(sender.TrySend(frame));
        Assert.False(sender.TrySend(frame));
        channel.BufferedAmount = 0;
        Assert.True(sender.TrySend(frame));
        Assert.Equal(3, sender.Sent);
        Assert.Equal(2, sender.Dropped);
        Assert.Equal(3 * frame.Count, channel.Messages);
    }

    static RawFrameMessages Cut(long number, Picture picture)
    {
        var messages = new RawFrameMessages();
        messages.Cut(number, (uint)number * 3000, number * 1000, picture.View);
        return messages;
    }

    static Picture Noise(int width, int height, PixelFormat format, int seed)
    {
        var picture = new Picture(width, height, format);
        new Random(seed).NextBytes(picture.Bytes);
        return picture;
    }

    sealed class Channel : IMessageChannel
    {
        public bool IsOpen { get; set; }

        public long BufferedAmount { get; set; }

        public int Messages { get; private set; }

        public void Send(string text) => Messages++;

        public void Send(ArraySegment<byte> bytes)
        {
            Messages++;
            BufferedAmount += bytes.Count;
        }
    }
}
