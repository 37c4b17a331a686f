using Ball.Pictures;

namespace Ball.Handoff.Tests;

/// <summary>Pictures whose every byte follows from the frame's number, so that a mixture of two is found.</summary>
internal static class Frames
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    public static readonly Guid Session = new("0f6f0c1e-7a55-4f7a-9d0e-2b1f6f6f0001");

    public static Picture Small() => new(64, 48, PixelFormat.Gray8);

    public static FrameTag Tag(long frame) => new(Session, frame, (uint)(frame * 3000), frame * 1_000);

    public static void Paint(Picture picture, long frame) => picture.Bytes.AsSpan().Fill((byte)frame);

    public static bool IsWhole(PictureView picture, long frame) => !picture.Bytes.ContainsAnyExcept((byte)frame);

    public static void Offer(this FramePipeWriter writer, Picture picture, long frame)
    {
        Paint(picture, frame);
        writer.Offer(Tag(frame), picture.View);
    }

    public static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Soon), "never came: " + what);
}
