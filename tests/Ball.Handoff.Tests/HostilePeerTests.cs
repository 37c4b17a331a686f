using System.Net.Sockets;
using Ball.Pictures;

namespace Ball.Handoff.Tests;

/// <summary>Peers that are no peers of ours: each gets one line in the log and is dropped.</summary>
public sealed class HostilePeerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_client_that_sends_garbage_is_dropped_with_one_line()
    {
        var log = new Lines();
        using var listener = Raw.Listen(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe, log);
        var random = new Random(9);
        for (var round = 0; round < 5; round++)
        {
            using var client = listener.Accept();
            client.ReceiveTimeout = 20_000;
            var garbage = new byte[500];
            random.NextBytes(garbage);
            client.Send(garbage);
            Assert.True(IsDropped(client));
        }
        Frames.Until(() => detector.Reader.Malformed >= 5, "faults");
        Assert.Equal(0, detector.Count);
        Assert.Contains("no frame (Magic)", Assert.Single(log.Warnings));
    }

    [Fact]
    public void A_client_that_dies_in_the_middle_of_a_frame_gives_no_frame()
    {
        using var listener = Raw.Listen(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe);
        var picture = Frames.Small();
        var frame = new FrameBuffer();
        frame.Fill(new FrameHeader(Frames.Tag(1), 0, picture.Layout), picture.Bytes);
        for (var length = 0; length < frame.Bytes.Length; length += 331)
        {
            using var client = listener.Accept();
            client.Send(frame.Bytes[..length]);
        }
        using var whole = listener.Accept();
        whole.Send(frame.Bytes);
        Assert.Equal(1, detector.Next().Header.Tag.Frame);
        Assert.Equal(0, detector.Count);
    }

    [Fact]
    public void A_frame_that_comes_byte_by_byte_is_a_frame()
    {
        using var listener = Raw.Listen(_folder.Pipe);
        using var detector = new Reading(_folder.Pipe);
        var picture = Frames.Small();
        var frame = new FrameBuffer();
        frame.Fill(new FrameHeader(Frames.Tag(1), 0, picture.Layout), picture.Bytes);
        using var client = listener.Accept();
        for (var i = 0; i < frame.Bytes.Length; i++)
            client.Send(frame.Bytes.Slice(i, 1));
        Assert.Equal(picture.Bytes, detector.Next().Bytes);
    }

    [Fact]
    public void A_detector_of_another_version_is_dropped_with_one_line()
    {
        var log = new Lines();
        using var writer = FramePipeWriter.Serve(_folder.Pipe, log);
        using var stranger = Raw.Connect(_folder.Pipe);
        stranger.Send([99]);
        Assert.True(IsDropped(stranger));
        Assert.Contains("version 99", Assert.Single(log.Warnings));

        using var detector = new Reading(_folder.Pipe);
        Frames.Until(() => writer.Counts.Detectors == 2 && writer.HasDetector, "detector");
        writer.Offer(Frames.Small(), 1);
        detector.Next();
    }

    [Fact]
    public void Detectors_that_connect_and_vanish_leave_the_pipe_open_for_the_next()
    {
        using var writer = FramePipeWriter.Serve(_folder.Pipe);
        var picture = new Picture(640, 480, PixelFormat.Bgr24);
        for (var i = 0; i < 50; i++)
        {
            using var vanishing = Raw.Connect(_folder.Pipe);
            if (i % 2 == 0)
                vanishing.Send([FrameHeader.Version, FrameHeader.Version, FrameHeader.Version]);
            writer.Offer(picture, i);
        }
        using var detector = new Reading(_folder.Pipe);
        var frame = 100;
        Frames.Until(() =>
        {
            writer.Offer(picture, ++frame);
            return detector.Count > 0;
        }, "frame");
    }

    private static bool IsDropped(Socket peer)
    {
        try
        {
            var buffer = new byte[64];
            while (peer.Receive(buffer) > 0)
            {
            }
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }
}
