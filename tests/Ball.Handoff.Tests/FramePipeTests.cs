using Ball.Pictures;

namespace Ball.Handoff.Tests;

public sealed class FramePipeTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(64, 48, PixelFormat.Gray8)]
    [InlineData(640, 480, PixelFormat.I420)]
    [InlineData(641, 479, PixelFormat.Bgr24)]
    public void A_frame_arrives_as_it_was_offered(int width, int height, PixelFormat format)
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe);
        Frames.Until(() => writer.HasDetector, "detector");
        var picture = new Picture(width, height, format);
        new Random(1).NextBytes(picture.Bytes);
        var tag = new FrameTag(Frames.Session, 7, 0xfedcba98, -5, IsTraced: true);

        writer.Offer(tag, picture.View);

        var (header, bytes) = detector.Next();
        Assert.Equal(tag, header.Tag);
        Assert.Equal(picture.Layout, header.Layout);
        Assert.Equal(picture.Bytes, bytes);
    }

    [Fact]
    public void A_slow_detector_gets_the_newest_frame_and_nobody_waits_for_it()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var reader = new FramePipeReader(_folder.Pipe);
        var picture = Frames.Small();
        using var mayGoOn = new SemaphoreSlim(0);
        using var hasRead = new SemaphoreSlim(0);
        var seen = new List<long>();
        var thread = Aside.Run(() =>
        {
            while (reader.Read(out var header, out var view))
            {
                Assert.True(Frames.IsWhole(view, header.Tag.Frame));
                seen.Add(header.Tag.Frame);
                hasRead.Release();
                mayGoOn.Wait(Frames.Soon);
            }
        });
        Frames.Until(() => writer.HasDetector, "detector");
        writer.Offer(picture, 1);
        Assert.True(hasRead.Wait(Frames.Soon));
        for (var frame = 2; frame <= 100; frame++)
            writer.Offer(picture, frame);
        mayGoOn.Release();
        Assert.True(hasRead.Wait(Frames.Soon));
        reader.Stop();
        mayGoOn.Release();
        thread();

        Assert.Equal([1, 100], seen);
        Assert.Equal(98, writer.Counts.Replaced);
        Assert.Equal(100, writer.Counts.Offered);
    }

    [Fact]
    public void Who_waits_for_room_has_every_frame_of_a_burst_looked_at()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe);
        Frames.Until(() => writer.HasDetector, "detector");
        var picture = Frames.Small();
        for (var frame = 1; frame <= 200; frame++)
        {
            Assert.True(writer.WaitForRoom(Frames.Soon));
            writer.Offer(picture, frame);
        }
        for (var frame = 1; frame <= 200; frame++)
            Assert.Equal(frame, detector.Next().Header.Tag.Frame);
        Assert.Equal(0, writer.Counts.Replaced);
    }

    [Fact]
    public void The_wait_for_room_ends_when_time_is_up_or_the_detector_is_gone()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        Assert.True(writer.WaitForRoom(Frames.Soon));
        using (Raw.Connect(_folder.Pipe))
        {
            Frames.Until(() => writer.HasDetector, "detector");
            writer.Offer(Frames.Small(), 1);
            Assert.False(writer.WaitForRoom(TimeSpan.FromMilliseconds(1)));
        }
        Assert.True(writer.WaitForRoom(Frames.Soon));
    }

    [Fact]
    public void Without_a_detector_frames_are_counted_and_forgotten()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        var picture = Frames.Small();
        for (var frame = 0; frame < 10; frame++)
            writer.Offer(picture, frame);
        Assert.Equal(new PipeCounts(10, 0, 0, 10, 0), writer.Counts);
    }

    [Fact]
    public void Pictures_may_change_their_size_and_format_at_will()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe);
        Frames.Until(() => writer.HasDetector, "detector");
        var random = new Random(5);
        for (var frame = 0; frame < 50; frame++)
        {
            var picture = new Picture(2 * random.Next(1, 400), 2 * random.Next(1, 400), (PixelFormat)random.Next(1, 4));
            writer.Offer(picture, frame);
            var (header, bytes) = detector.Next();
            Assert.Equal(picture.Layout, header.Layout);
            Assert.Equal(picture.Bytes, bytes);
        }
    }

    [Fact]
    public void A_detector_that_comes_back_gets_frames_again()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        var picture = Frames.Small();
        for (var round = 1; round <= 20; round++)
        {
            using var detector = new Reading(_folder.Pipe);
            var frame = round * 1000L;
            Frames.Until(() =>
            {
                writer.Offer(picture, ++frame);
                return detector.Count > 0;
            }, "frame");
            Assert.InRange(detector.Next().Header.Tag.Frame, round * 1000, frame);
        }
        Assert.True(writer.Counts.Detectors >= 20);
    }

    [Fact]
    public void A_client_that_comes_back_is_found_again()
    {
        using var detector = new Reading(_folder.Pipe);
        var picture = Frames.Small();
        for (var round = 1; round <= 20; round++)
        {
            using var writer = FramePipeWriter.Serve(_folder.Pipe);
            Frames.Until(() => writer.HasDetector, "detector");
            writer.Offer(picture, round);
            Assert.Equal(round, detector.Next().Header.Tag.Frame);
        }
    }

    [Fact]
    public void A_stopped_reader_returns_at_once_wherever_it_waits()
    {
        using var alone = new FramePipeReader(_folder.Pipe);
        var noClient = Aside.Run(() => Assert.False(alone.Read(out _, out _)));
        alone.Stop();
        noClient();

        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var reader = new FramePipeReader(_folder.Pipe);
        var noFrame = Aside.Run(() => Assert.False(reader.Read(out _, out _)));
        Frames.Until(() => writer.HasDetector, "detector");
        reader.Stop();
        noFrame();
    }

    [Fact]
    public void A_writer_is_gone_at_once_even_while_a_detector_does_not_read()
    {
        var writer = FramePipeWriter.Serve(_folder.Pipe);
        using var socket = Raw.Connect(_folder.Pipe);
        socket.Send([FrameHeader.Version]);
        Frames.Until(() => writer.HasDetector, "detector");
        var large = new Picture(1920, 1080, PixelFormat.Bgr24);
        for (var frame = 0; frame < 3; frame++)
            writer.Offer(large, frame);
        Aside.Run(writer.Dispose)();
        Assert.False(File.Exists(_folder.Pipe));
    }

    [Fact]
    public void A_writer_may_go_in_the_very_moment_that_a_detector_comes()
    {
        // What goes wrong here goes wrong on the writer's own thread, and ends the process.
        var random = new Random(8);
        for (var round = 0; round < 300; round++)
        {
            var writer = FramePipeWriter.Serve(_folder.Pipe);
            using var together = new Barrier(2);
            var coming = Aside.Run(() =>
            {
                together.SignalAndWait(Frames.Soon);
                try
                {
                    using var detector = Raw.Connect(_folder.Pipe);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    // Too late, this time.
                }
            });
            together.SignalAndWait(Frames.Soon);
            Thread.SpinWait(random.Next(3000));
            Aside.Run(writer.Dispose)();
            coming();
        }
    }
}
