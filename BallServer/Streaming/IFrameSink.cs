namespace BallServer.Streaming;

/// <summary>Somebody who watches the stream. Called on the frame worker's thread, so it must not wait.</summary>
internal interface IFrameSink
{
    FrameKind Wants { get; }

    void Take(in PaintedFrame frame);
}
