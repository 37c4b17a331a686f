using SIPSorcery.Net;

namespace SIPSorcery.Tests.Peer;

/// <summary>Frames come, and the application does not take them.</summary>
public sealed class SlowApplicationTests
{
    private const int MostFrames = 120;
    private const uint FrameTime = 3000;

    private readonly FramePacketiser _cutter = new();
    private uint _timestamp;

    [Fact]
    public void It_loses_whole_frames_and_a_key_frame_is_asked_for_when_it_is_back()
    {
        using var world = new SimulatedWorld(9);
        world.Start();
        Assert.True(world.RunUntil(() => world.Alice.IsSecured && world.Bob.IsSecured), "not secured");
        world.OpenChannel();

        world.Bob.TakesEvents = false;
        for (var number = 0; number < 600; number++)
        {
            Send(world, isKeyFrame: true, 5000);
        }

        Assert.Equal(600 - MostFrames, world.Bob.Core.FramesDropped);
        Assert.Equal(0, world.Alice.Sender!.KeyFrameRequests);

        // What was kept is the oldest, so nothing is missing in it.
        world.Bob.TakesEvents = true;
        world.Bob.Settle();
        Assert.Equal(
            Enumerable.Range(0, MostFrames).Select(number => (uint)number * FrameTime),
            world.Bob.Frames.Select(frame => frame.Timestamp));

        // Only a frame that stands for itself is of use now; it is asked for, but not for each frame that is of none.
        for (var number = 0; number < 30; number++)
        {
            Send(world, isKeyFrame: false, 500);
        }

        Assert.InRange(world.Alice.Sender.KeyFrameRequests, 1, 2);
        Assert.Equal(MostFrames, world.Bob.Frames.Count);
        Assert.Equal(600 - MostFrames + 30, world.Bob.Core.FramesDropped);

        Send(world, isKeyFrame: true, 4000);
        Send(world, isKeyFrame: false, 600);
        Assert.Equal([true, false], world.Bob.Frames.Skip(MostFrames).Select(frame => frame.IsKeyFrame));
        Assert.Equal(_timestamp - FrameTime, world.Bob.Frames[^1].Timestamp);
    }

    private void Send(SimulatedWorld world, bool isKeyFrame, int length)
    {
        byte[] head = isKeyFrame
            ? [0, 0, 0, 1, 0x67, 0x42, 0xE0, 0x1F, 0, 0, 0, 1, 0x68, 0xCE, 0x11, 0, 0, 0, 1, 0x65, 0x88]
            : [0, 0, 0, 1, 0x41, 0x9A];
        var cut = _cutter.Packetise([.. head, .. Enumerable.Repeat((byte)7, length)], 1150);
        world.Alice.Sender!.SendFrame(cut, _timestamp, world.Now);
        cut.Release();
        _timestamp += FrameTime;
        world.Run(33_333);
    }
}
